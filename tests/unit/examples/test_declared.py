# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of declared state is what the platforms take, and an apply says what it would do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.server import Emulator
from unit.controller.playbook import Controller

from . import declared, kinds
from .collector import collected
from .stage import world

EXAMPLES = collected()


@pytest.mark.parametrize(
    "arguments",
    [pytest.param(["apply", "--check"], id="apply"), pytest.param(["validate"], id="validate", marks=pytest.mark.long)],
)
def test_declared_state_is_taken(arguments: list[str], tmp_path: Path, tally: Callable[..., None]) -> None:
    found = declared.tenants(EXAMPLES, tmp_path)
    states = {name: spec for tenant in found for name, spec in world(tenant.name).items()}
    controller = Controller(tmp_path)
    with Emulator(states) as emulator:
        lists = [each for each in EXAMPLES if kinds.kind(each) == kinds.LIST]
        declared.write(tmp_path, found, emulator.connections, lists)
        run = controller.play(*arguments, ACCESS_TENANTS_FILE="tenants.json")
        failed = [tenant for tenant in found if run.recap(tenant.name).get("failed", 1)]
        wrong = "\n".join(f"{tenant.example.where}: {tenant.platform}" for tenant in failed)
        assert (failed, run.code) == ([], 0), f"{wrong}\n{run.output}"
        assert emulator.writes() == []
        assert emulator.complaints() == []
    tally("examples, run against the emulator", "declared state of pages", len({each.example.where for each in found}))
