# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator, and a loop over its modules in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import kept
from ansible_collections.dataops.access.plugins.plugin_utils.in_process import module_run
from emulator.server import Emulator
from unit.in_process.here import Here


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def here(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    emulator.reset()
    keeper = kept.Keeper()
    monkeypatch.setattr(module_run, "_KEEPER", keeper)
    yield Here(emulator, tmp_path)
    keeper.close()
