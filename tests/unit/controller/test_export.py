# SPDX-License-Identifier: GPL-3.0-or-later
"""An export: what is there becomes declared state, and applying that changes nothing."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller

EXAMPLE = ROOT / "examples" / "tenants"
INVENTORY = yaml.safe_load((EXAMPLE / "inventory.yml").read_text())["all"]
# What a tenant says of itself without declaring who has access.
BARE = ("access_platform", "devo_domain", "devo_account", "dqm_expected_users")


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator(yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text())) as emulator:
        yield emulator


@pytest.fixture
def tenants(running: Emulator) -> Emulator:
    """The tenants of the example at their start."""
    running.reset()
    return running


@pytest.fixture
def controller(tmp_path: Path, tenants: Emulator) -> Controller:
    """The example's hosts, of whom nothing is declared."""
    made = Controller(tmp_path)
    hosts = {
        host: {name: variables[name] for name in BARE if name in variables}
        for host, variables in INVENTORY["hosts"].items()
    }
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    write_tenants(made, tenants)
    made.environment["ACCESS_TENANTS_FILE"] = "tenants.json"
    return made


def write_tenants(controller: Controller, tenants: Emulator, **wrong: dict[str, str]) -> None:
    """The tenants file; ``wrong``: options that replace a tenant's own."""
    entries = {
        host: {**tenants.connections[host], **wrong.get(host.replace("-", "_"), {})} for host in INVENTORY["hosts"]
    }
    for entry in entries.values():
        entry.pop("domain", None)
        entry.pop("account", None)
    (controller.folder / "tenants.json").write_text(json.dumps(entries))


def exported(controller: Controller) -> dict[str, Any]:
    """The variables of every file, by name."""
    return {path.stem: yaml.safe_load(path.read_text()) for path in (controller.folder / "access-export").iterdir()}


def test_applying_an_export_changes_nothing(controller: Controller, tenants: Emulator) -> None:
    run = controller.play("export", "--check")
    assert run.code == 0, run.output
    assert tenants.writes() == []
    folder = controller.folder / "access-export"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert set(exported(controller)) == set(INVENTORY["hosts"])
    print(run.output)
    for path in folder.iterdir(): print(path.read_text())
    shutil.copytree(folder, controller.folder / "host_vars")
    before = tenants.state()
    run = controller.play("apply", "--diff")
    assert run.code == 0, run.output
    for host in INVENTORY["hosts"]:
        assert run.recap(host)["changed"] == 0
    assert tenants.writes() == []
    assert tenants.state() == before
    run = controller.play("validate")
    assert run.code == 0, run.output
    assert 0
