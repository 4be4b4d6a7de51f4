# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, at every call of every platform, ends as the table states: nothing twice, nothing false."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulator.faults import KINDS
from emulator.platforms import PLATFORMS
from faults.cells import judge
from faults.choice import cells, rows, some_cells
from faults.stage import Stage
from faults.table import CALLS, FAULTS, NO_SESSION, SPECIALS
from faults.tasks import Kind, Task, kinds, tasks

ALL_KINDS = kinds()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "of" in metafunc.fixturenames:
        chosen = list(rows(metafunc.config.getoption("long")))
        metafunc.parametrize(("of", "fault"), chosen, ids=[f"{of}-{fault}" for of, fault in chosen])


def test_there_is_a_cell_for_every_fault_and_call(stage: Stage) -> None:
    for kind in ALL_KINDS:
        calls = {asked.call for task in tasks(kind) if task.is_first for asked in stage.reference(task).asked}
        for fault in FAULTS:
            assert {cell.call for cell in some_cells(stage, kind, fault)} == calls & set(CALLS), (kind, fault)


@pytest.mark.usefixtures("hurried")
def test_a_fault_ends_as_stated(of: Kind | Task, fault: str, stage: Stage, tally: Callable[..., None]) -> None:
    wrong = {}
    gone_through = list(cells(stage, of, fault))
    for cell in gone_through:
        try:
            judge(stage, cell)
        except AssertionError as error:
            wrong[str(cell)] = str(error)
    assert gone_through
    assert wrong == {}
    platform = (of.kind if isinstance(of, Task) else of).service.platform
    tally("faults survived", platform.title, len(gone_through))


def test_every_module_takes_part() -> None:
    writing = {kind for kind in ALL_KINDS if kind.life is not None}
    assert {kind for kind in ALL_KINDS if len(kind.forms) > 1} == writing, "an object kind has no life"
    assert {kind.tenant for kind in ALL_KINDS} == set(PLATFORMS)


def test_every_fault_of_the_emulator_is_in_the_table() -> None:
    # What a server quotes of its requests is what tests/leaks is about.
    assert {fault.wire["kind"] for fault in FAULTS.values()} == set(KINDS) - {"echo"}


def test_every_exception_concerns_something_and_says_why() -> None:
    places = {kind.name for kind in ALL_KINDS} | {kind.tenant for kind in ALL_KINDS} | {NO_SESSION}
    for special in SPECIALS:
        assert special.where <= places, special
        assert special.faults <= set(FAULTS), special
        assert special.reason, special
