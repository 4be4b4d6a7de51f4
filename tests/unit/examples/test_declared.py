# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of declared state is what the platforms take; in the long run an apply says what it would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.filter.entitlements import entitlements
from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.declared import check
from emulator.server import Emulator
from unit.controller.playbook import Controller

from . import declared, kinds
from .collector import collected

EXAMPLES = collected()


def wrong(tenant: declared.Tenant) -> Iterator[str]:
    """What is wrong with a tenant's own lists, and with what people are granted there."""
    given = tenant.variables
    for (platform, _kind), (variable, service) in platforms.VARIABLES.items():
        if platform == tenant.platform:
            resource = service.resource
            entries = list(given.get(variable, ()))
            if "access_people" in given:
                granted = variable if platform == "devo" else platform
                people, profiles = given["access_people"], given.get("access_profiles")
                entries += entitlements(people, profiles, granted, tenant=tenant.name)
            top = {
                option.name: given.get(f"devo_{option.name}", "example") for option in resource.options if option.top
            }
            for problem in check(service, {**top, resource.plural: entries}).errors:
                yield f"{tenant.example.where}: {variable}: {problem}"


def test_declared_state_is_right(tmp_path: Path, tally: Callable[..., None]) -> None:
    found = declared.tenants(EXAMPLES, tmp_path)
    assert [problem for tenant in found for problem in wrong(tenant)] == []
    tally("examples, declared state", "checked without a platform", len({each.example.where for each in found}))


@pytest.mark.long
@pytest.mark.parametrize("arguments", [["apply", "--check"], ["validate"]], ids=lambda arguments: arguments[0])
def test_declared_state_is_taken(arguments: list[str], tmp_path: Path, tally: Callable[..., None]) -> None:
    found = declared.tenants(EXAMPLES, tmp_path)
    states = {name: spec for tenant in found for name, spec in declared.world_of(tenant).items()}
    controller = Controller(tmp_path)
    with Emulator(states) as emulator:
        lists = [each for each in EXAMPLES if kinds.kind(each) == kinds.LIST]
        declared.write(tmp_path, found, emulator.connections, lists)
        run = controller.play(*arguments, ACCESS_TENANTS_FILE="tenants.json")
        failed = [f"{each.example.where}: {each.platform}" for each in found if run.recap(each.name).get("failed", 1)]
        assert (failed, run.code) == ([], 0), run.output
        assert emulator.writes() == []
        assert emulator.complaints() == []
    tally("examples, declared state", f"taken by {' '.join(arguments)}", len({each.example.where for each in found}))
