# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles take what their modules take, and the playbooks keep what every play promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from documentation import modules

ROOT = Path(__file__).resolve().parents[3]
MODULES = modules.modules()
# Declared state of a role -> plural module, prefix of its policy.
LISTS = {
    ("alteryx", "alteryx_subscriptions"): ("subscriptions", "alteryx"),
    ("datasentinel", "datasentinel_users"): ("ds_users", "datasentinel"),
    ("dbsync", "dbsync_license_users"): ("dbsync_license_users", "dbsync"),
    ("devo", "devo_users"): ("devo_domain_users", "devo_users"),
    ("devo", "devo_tokens"): ("devo_tokens", "devo_tokens"),
}
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def spec(role: str) -> dict[str, Any]:
    return load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def without_texts(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in option.items() if key != "description"} for name, option in options.items()
    }


@pytest.mark.parametrize(("role", "variable"), sorted(LISTS))
def test_an_entry_takes_what_the_module_takes(role: str, variable: str) -> None:
    module, _kind = LISTS[role, variable]
    resource = MODULES[module].service.resource
    expected = {
        name: {key: value for key, value in option.items() if key != "no_log" or value}
        for name, option in resource.spec(top=False).items()
    }
    further = {"handover": {"type": "raw"}} if variable == "devo_tokens" else {}
    assert without_texts(spec(role)[variable]["options"]) == {**expected, **further}


@pytest.mark.parametrize(("role", "variable"), sorted(LISTS))
def test_the_policy_of_the_module_is_the_roles(role: str, variable: str) -> None:
    module, prefix = LISTS[role, variable]
    taken = specs.many_spec(MODULES[module].service)
    for name in ("purge", "purge_exclude", "max_deletions"):
        option = spec(role)[f"{prefix}_{name}"]
        assert (option["type"], option["default"]) == (taken[name]["type"], taken[name]["default"])


@pytest.mark.parametrize("role", sorted(platforms.PLATFORMS))
def test_a_role_takes_every_connection_option_and_a_blank_one(role: str) -> None:
    taken = specs.connection_spec(platforms.PLATFORMS[role])
    options = spec(role)
    given = load(f"roles/{role}/vars/main.yml")[f"__{role}_given"]
    assert set(given) == set(taken)
    for name, option in taken.items():
        variable = f"{role}_{name}"
        assert given[name] == f"{{{{ {variable} }}}}"
        text = option["type"] in ("str", "path") and "choices" not in option
        assert options[variable]["type"] == ("str" if text else "raw")
        assert options[variable]["default"] == ""
        assert options[variable].get("no_log", False) == option.get("no_log", False)


@pytest.mark.parametrize("role", ROLES)
def test_every_default_is_documented_as_it_is(role: str) -> None:
    options = spec(role)
    for name, value in load(f"roles/{role}/defaults/main.yml").items():
        assert name in options
        if not (isinstance(value, str) and "{{" in value):
            assert options[name].get("default", "") == value, name


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_with_a_default_has_it_in_defaults(role: str) -> None:
    known = load(f"roles/{role}/defaults/main.yml")
    shared = {"access_tenants_file", "access_fail_on"}  # of the whole collection, so in no role's defaults
    assert {name for name, option in spec(role).items() if "default" in option} - shared <= set(known)


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
    for (role, variable), (module, _kind) in LISTS.items():
        used: set[str] = set()
        for host in hosts.values():
            if host["access_platform"] == role:
                used |= {name for entry in host.get(variable, ()) for name in entry}
        taken = set(MODULES[module].service.resource.spec(top=False))
        assert taken - used == set(), variable


def test_the_example_has_a_tenant_of_each_platform_and_two_of_one() -> None:
    hosts = [host["access_platform"] for host in load("examples/tenants/inventory.yml")["all"]["hosts"].values()]
    assert set(hosts) == set(platforms.PLATFORMS)
    assert len(hosts) > len(set(hosts))
