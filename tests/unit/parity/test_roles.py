# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: the modules' argument specs. A role takes what its modules take, and its defaults are what it documents."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS, SERVICES, VARIABLES
from documentation import modules
from documentation.roles import POLICY
from unit.parity.conftest import Same

ROOT = Path(__file__).resolve().parents[3]
MODULES = modules.modules()
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
LISTS = {variable: (role, service) for (role, _kind), (variable, service) in VARIABLES.items()}
# Where the secret of a renewed token goes is no matter of the module.
BEYOND = {"devo_tokens": {"handover": {"type": "raw"}}}


def text(path: str) -> str:
    return (ROOT / "roles" / path).read_text()


@cache
def spec(role: str) -> dict[str, Any]:
    """The role's argument spec."""
    options: dict[str, Any] = yaml.safe_load(text(f"{role}/meta/argument_specs.yml"))["argument_specs"]["main"][
        "options"
    ]
    return options


@cache
def defaults(role: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text(f"{role}/defaults/main.yml")) or {}
    return found


def policies() -> list[tuple[str, str, str]]:
    """Role, plural module, and what the role's variables for the module's guards begin with."""
    pattern = re.compile(r"BEGIN policy of (\w+) as (\w+)")
    return [(role, *found) for role in ROLES for found in pattern.findall(text(f"{role}/meta/argument_specs.yml"))]


def test_every_platform_has_a_role(same: Same) -> None:
    same("roles, platforms", set(ROLES) - {"access_report"}, set(PLATFORMS))
    services = {service for _variable, service in VARIABLES.values()}
    same("registries: variables of roles, services", services, set(SERVICES.values()))


def test_every_plural_module_is_run_by_a_role(same: Same) -> None:
    plural = {name for name, module in MODULES.items() if module.kind == modules.MANY}
    same("roles: policies, plural modules", {module for _role, module, _prefix in policies()}, plural)


@pytest.mark.parametrize("variable", sorted(LISTS))
def test_an_entry_takes_what_the_module_takes(variable: str, same: Same) -> None:
    role, service = LISTS[variable]
    told = {
        name: {key: value for key, value in option.items() if key != "description"}
        for name, option in spec(role)[variable]["options"].items()
    }
    taken = {
        name: {key: value for key, value in option.items() if key != "no_log" or value}
        for name, option in service.resource.spec(top=False).items()
    }
    same("options: entries of roles, modules", told, {**taken, **BEYOND.get(variable, {})})


@pytest.mark.parametrize(("role", "module", "prefix"), policies())
def test_the_guards_of_a_role_are_those_of_the_module(role: str, module: str, prefix: str, same: Same) -> None:
    taken = {name: option for name, option in specs.many_spec(MODULES[module].service).items() if name in POLICY}
    told = {name: spec(role)[f"{prefix}_{name}"] for name in POLICY if f"{prefix}_{name}" in spec(role)}
    same(
        "options: guards of roles, modules",
        {name: (option["type"], option["default"]) for name, option in told.items()},
        # What nobody gives is nothing to a role.
        {name: (option["type"], option.get("default", [])) for name, option in taken.items()},
    )


@pytest.mark.parametrize("role", sorted(PLATFORMS))
def test_a_role_takes_every_connection_option_and_a_blank_one(role: str, same: Same) -> None:
    taken = specs.connection_spec(PLATFORMS[role])
    given = yaml.safe_load(text(f"{role}/vars/main.yml"))[f"__{role}_given"]
    same("options: connection of roles, modules", given, {name: f"{{{{ {role}_{name} }}}}" for name in taken})
    for name, option in taken.items():
        told = spec(role)[f"{role}_{name}"]
        is_text = option["type"] in ("str", "path") and "choices" not in option
        assert told["type"] == ("str" if is_text else "raw")
        assert told["default"] == ""
        assert told.get("no_log", False) == option.get("no_log", False)


@pytest.mark.parametrize("role", ROLES)
def test_every_default_is_documented_as_it_is(role: str, same: Same) -> None:
    assert set(defaults(role)) <= set(spec(role))
    plain = {name: value for name, value in defaults(role).items() if not (isinstance(value, str) and "{{" in value)}
    same("defaults of roles, documentation", {name: spec(role)[name].get("default", "") for name in plain}, plain)


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_with_a_default_has_it_in_defaults(role: str) -> None:
    shared = {"access_tenants_file", "access_fail_on"}  # of the whole collection, so in no role's defaults
    assert {name for name, option in spec(role).items() if "default" in option} - shared <= set(defaults(role))


@pytest.mark.parametrize("role", ROLES)
def test_the_readme_of_a_role_has_every_variable(role: str, same: Same) -> None:
    table = text(f"{role}/README.md").partition("BEGIN variables ")[2].partition("END variables ")[0]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    same("variables: READMEs of roles, argument specs of roles", told, list(spec(role)))
