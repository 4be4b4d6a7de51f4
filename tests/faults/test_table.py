# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, at every call of every platform, ends as the table states: nothing twice, nothing false."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from emulator.faults import KINDS
from emulator.platforms import PLATFORMS
from faults.cells import Cell, judge
from faults.choice import every_cell, some_cells
from faults.stage import Stage
from faults.table import CALLS, FAULTS, SPECIALS
from faults.tasks import Kind, Task, kinds, tasks

ALL_KINDS = kinds()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "of" in metafunc.fixturenames:
        long = metafunc.config.getoption("long")
        rows: list[Kind | Task] = [task for kind in ALL_KINDS for task in tasks(kind)] if long else [*ALL_KINDS]
        metafunc.parametrize("of", rows, ids=str)


def test_there_is_a_cell_for_every_fault_and_call(stage: Stage) -> None:
    for kind in ALL_KINDS:
        calls = {asked.call for task in tasks(kind) for asked in stage.reference(task).asked}
        for fault in FAULTS:
            assert {cell.call for cell in some_cells(stage, kind, fault)} == calls & set(CALLS), (kind, fault)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_as_stated(of: Kind | Task, fault: str, stage: Stage, tally: Callable[..., None]) -> None:
    cells = every_cell(stage, of, fault) if isinstance(of, Task) else some_cells(stage, of, fault)
    kind = of.kind if isinstance(of, Task) else of
    tally("faults survived", kind.service.platform.title, check(stage, cells))


def check(stage: Stage, cells: Iterable[Cell]) -> int:
    """How many cells there are; all that are not as stated fail together."""
    wrong = []
    number = 0
    for cell in cells:
        number += 1
        try:
            judge(stage, cell)
        except AssertionError as error:
            wrong.append(f"{cell}: {error}")
    assert not wrong, "\n".join(wrong)
    return number


def test_every_module_takes_part() -> None:
    writing = {kind for kind in ALL_KINDS if kind.life is not None}
    assert {kind for kind in ALL_KINDS if len(kind.forms) > 1} == writing, "an object kind has no life"
    assert {kind.tenant for kind in ALL_KINDS} == set(PLATFORMS)


def test_every_fault_of_the_emulator_is_in_the_table() -> None:
    # What a server quotes of its requests is what tests/leaks is about.
    assert {fault.wire["kind"] for fault in FAULTS.values()} == set(KINDS) - {"echo"}


def test_every_exception_concerns_something_and_says_why() -> None:
    places = {kind.name for kind in ALL_KINDS} | {kind.tenant for kind in ALL_KINDS}
    for special in SPECIALS:
        assert special.where <= places, special
        assert special.faults <= set(FAULTS), special
        assert special.reason, special
