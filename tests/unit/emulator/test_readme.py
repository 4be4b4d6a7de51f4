# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md of the emulator says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

import emulator
from emulator.document import switch_table
from emulator.faults import KINDS
from emulator.platforms import PLATFORMS

README = (Path(emulator.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_switch_table_is_current() -> None:
    # made by: PYTHONPATH=tests python -m emulator --switch-table
    assert switch_table() in README


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_fault_is_described_with_its_parameters(kind: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{kind}` |"))
    assert [name for name in KINDS[kind] if f"`{name}`" not in row] == []


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_every_key_of_the_state_is_described(name: str) -> None:
    described = README.partition(f"### {name}\n")[2].partition("### ")[0]
    assert [key for key in PLATFORMS[name].start_state if f"`{key}`" not in described] == []
