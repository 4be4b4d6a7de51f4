# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: the modules that there are. Groups, routes, attributes and integration targets have all of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS, SERVICES
from documentation import modules
from documentation.modules import documented
from unit.parity.conftest import Same

ROOT = Path(__file__).resolve().parents[3]
FRAGMENTS = ROOT / "plugins" / "doc_fragments"
TARGETS = ROOT / "tests" / "integration" / "targets"
COLLECTION = "dataops.access."
MODULES = modules.modules()
RUNTIME = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
ROUTES = RUNTIME["plugin_routing"]["modules"]
ACTION = f"{COLLECTION}access_module"


def modules_of(platform: str) -> set[str]:
    return {name for name, module in MODULES.items() if module.service.platform.name == platform}


@cache
def members(group: str) -> frozenset[str]:
    """The modules of a group, those of the groups that it extends included."""
    found: set[str] = set()
    for entry in RUNTIME["action_groups"][group]:
        if isinstance(entry, dict):
            for other in entry["metadata"]["extend_group"]:
                found |= members(other.removeprefix(COLLECTION))
        else:
            found.add(entry)
    return frozenset(found)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_module_is_named_for_its_platform(platform: str) -> None:
    own = modules_of(platform)
    starts = {name[:3] for name in own}
    assert len(starts) == 1, own
    assert [name for name in sorted(set(MODULES) - own) if name[:3] in starts] == []


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_the_group_of_a_platform_holds_its_modules(platform: str, same: Same) -> None:
    same("groups: action groups, modules of the platforms", members(platform), modules_of(platform))


def test_the_group_of_all_holds_every_platforms_modules(same: Same) -> None:
    same("groups: action groups, modules of the platforms", members("all"), set(MODULES))


def test_there_are_no_other_groups(same: Same) -> None:
    same("groups: names of groups, platforms", set(RUNTIME["action_groups"]), {*PLATFORMS, "all"})


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_attributes_of_a_module_name_its_groups(name: str, same: Same) -> None:
    fragments = MODULES[name].documentation["extends_documentation_fragment"]
    told = {
        group
        for fragment in fragments
        if fragment.startswith(f"{COLLECTION}attributes.group_")
        for group in documented(FRAGMENTS / "attributes.py", fragment.rpartition(".")[2].upper())["attributes"][
            "action_group"
        ]["membership"]
    }
    held_by = {COLLECTION + group for group in RUNTIME["action_groups"] if name in members(group)}
    same("groups: attributes of modules, action groups", told, held_by)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_has_the_attributes_of_its_kind(name: str) -> None:
    fragments = set(MODULES[name].documentation["extends_documentation_fragment"])
    kind = "info" if MODULES[name].kind == modules.INFO else "write"
    wanted = {f"{COLLECTION}attributes", f"{COLLECTION}attributes.{kind}"}
    others = {each for each in fragments if each.startswith(f"{COLLECTION}attributes") and "group_" not in each}
    assert others == wanted
    assert (f"{COLLECTION}many" in fragments) == (MODULES[name].kind == modules.MANY)
    assert {f"{COLLECTION}connection", COLLECTION + MODULES[name].service.platform.name} <= fragments


def test_every_module_has_its_route(same: Same) -> None:
    routed = {name: entry["action_plugin"] for name, entry in ROUTES.items() if "action_plugin" in entry}
    same("routes: action plugin, modules", routed, dict.fromkeys(MODULES, ACTION))


def test_a_redirect_leads_to_a_module_of_the_platform_that_it_names(same: Same) -> None:
    redirects = {
        name: entry["redirect"].removeprefix(COLLECTION) for name, entry in ROUTES.items() if "redirect" in entry
    }
    same(
        "routes: redirects, modules of the platform",
        {name: name.partition("_")[0] for name in redirects},
        {name: MODULES[target].service.platform.name for name, target in redirects.items()},
    )


def test_every_plural_module_has_its_service(same: Same) -> None:
    plural = {name: each.service for name, each in MODULES.items() if each.kind == modules.MANY}
    same("registries: services, plural modules", SERVICES, plural)


def test_every_platform_is_known(same: Same) -> None:
    known = {each.service.platform.name: each.service.platform.prefix for each in MODULES.values()}
    same("registries: platforms, modules", {name: each.prefix for name, each in PLATFORMS.items()}, known)


def actions(tasks: Any) -> Iterator[str]:
    """The full names of this collection's modules in tasks: as a key, or as the value of a variable."""
    if isinstance(tasks, dict):
        yield from (name for name in (*tasks, *tasks.values()) if isinstance(name, str) and name.startswith(COLLECTION))
        tasks = list(tasks.values())
    if isinstance(tasks, list):
        for each in tasks:
            yield from actions(each)


def test_an_integration_target_runs_every_platforms_modules_and_every_redirect(same: Same) -> None:
    run = {
        name.removeprefix(COLLECTION)
        for path in TARGETS.glob("*/tasks/*.yml")
        for name in actions(yaml.safe_load(path.read_text()))
    }
    named = {*MODULES, *ROUTES}
    same("integration targets, modules and redirects", run & named, named)
