# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and playbooks keep what every play promises; that roles take what modules take is in parity/test_roles.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.plugin_utils import platforms

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


# Where a secret that was asked for is given to tasks of the user.
HANDS_OVER = "hand_over.yml"
WITHOUT_TENANTS = {"merge_reports", "period_report"}


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_play_runs_on_the_controller_with_its_python(playbook: str) -> None:
    text = (ROOT / "playbooks" / f"{playbook}.yml").read_text()
    assert "run_once" not in text
    assert "delegate_to" not in text
    for play in yaml.safe_load(text):
        # What only reads files needs no inventory.
        default = "localhost" if playbook in WITHOUT_TENANTS else "all"
        assert play["hosts"] == f"{{{{ access_hosts | default('{default}') }}}}"
        assert play["connection"] == "local"
        assert play["gather_facts"] is False
        assert play["strategy"] == "ansible.builtin.linear"
        assert play["vars"]["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"


@pytest.mark.parametrize("role", ROLES)
def test_no_task_hides_its_result(role: str) -> None:
    # Modules mask their own secrets; a hidden task would hide the audit.
    for path in (ROOT / "roles" / role / "tasks").glob("*.yml"):
        assert ("no_log" in path.read_text()) is (path.name == HANDS_OVER)


def test_the_example_uses_every_option() -> None:
    hosts = load("examples/tenants/inventory.yml")["all"]["hosts"]
    for (role, _kind), (variable, service) in platforms.VARIABLES.items():
        used: set[str] = set()
        for host in hosts.values():
            if host["access_platform"] == role:
                used |= {name for entry in host.get(variable, ()) for name in entry}
        taken = set(service.resource.spec(top=False))
        assert taken - used == set(), variable


def test_the_example_has_a_tenant_of_each_platform_and_two_of_one() -> None:
    hosts = [host["access_platform"] for host in load("examples/tenants/inventory.yml")["all"]["hosts"].values()]
    assert set(hosts) == set(platforms.PLATFORMS)
    assert len(hosts) > len(set(hosts))
