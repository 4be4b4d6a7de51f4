# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants in one play: the role, and a role that carries the same lists and does nothing."""

from __future__ import annotations

from benchmarks.kinds import DS_USERS, Json
from benchmarks.measure import Measured
from benchmarks.work import Site

TENANTS = 100
USERS = 100
FORKS = 10


def _start(site: Site) -> Json:
    """The inventory of tenants that are as declared."""
    held = DS_USERS.state([DS_USERS.held(place, False) for place in range(USERS)])
    names = [f"tenant-{place:03}" for place in range(TENANTS)]
    connections = site.server.reset({name: {"platform": "datasentinel", **held} for name in names})
    site.ansible.write("tenants.json", {name: connections[name] for name in names})
    declared = DS_USERS.many(USERS, secrets=False)
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "access_tenants_file": str(site.ansible.folder / "tenants.json"),
        "datasentinel_users": declared,
    }
    return {"all": {"hosts": dict.fromkeys(names, variables)}}


def _run(site: Site, tasks: list[Json]) -> Measured:
    inventory = site.ansible.write("inventory.json", _start(site))
    play = {"hosts": "all", "gather_facts": False, "tasks": tasks}
    arguments = ["--inventory", str(inventory), "--forks", str(FORKS)]
    return site.counted(lambda: site.ansible.play([play], None, arguments), 0)


def role(site: Site) -> Measured:
    """The platform's role over all tenants."""
    return _run(site, [{"name": "Access", "ansible.builtin.include_role": {"name": "dataops.access.datasentinel"}}])


def nothing(site: Site) -> Measured:
    """A role of the same shape that does nothing."""
    return _run(site, [{"name": "Nothing", "ansible.builtin.include_role": {"name": "nothing"}}])
