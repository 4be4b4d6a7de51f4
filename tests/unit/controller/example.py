# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenants of examples/tenants, served by an emulator that starts with what they hold before the first apply."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller

EXAMPLE = ROOT / "examples" / "tenants"


def inventory() -> dict[str, Any]:
    """The example's inventory."""
    read: dict[str, Any] = yaml.safe_load((EXAMPLE / "inventory.yml").read_text())
    return read


def emulated() -> Emulator:
    """The example's tenants."""
    return Emulator(yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text()))


def controller_of(folder: Path, tenants: Emulator, declared: dict[str, Any] | None = None) -> Controller:
    """A folder that the example is run from. ``declared``: another inventory than the example's."""
    made = Controller(folder)
    (folder / "inventory.yml").write_text(
        (EXAMPLE / "inventory.yml").read_text() if declared is None else yaml.safe_dump(declared)
    )
    (folder / "secrets").mkdir()
    write_tenants(made, tenants)
    # As a shell sets it.
    made.environment.update(ACCESS_TENANTS_FILE="tenants.json", PWD=str(folder))
    return made


def write_tenants(controller: Controller, tenants: Emulator, **wrong: dict[str, str]) -> None:
    """The tenants file; ``wrong``: options that replace a tenant's own."""
    entries = {
        host: {**tenants.connections[host], **wrong.get(host.replace("-", "_"), {})}
        for host in inventory()["all"]["hosts"]
    }
    for entry in entries.values():
        entry.pop("domain", None)
        entry.pop("account", None)
    (controller.folder / "tenants.json").write_text(json.dumps(entries))
