# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cells are gone through: every one with ``--long``; else each fault at each call of each platform, once."""

from __future__ import annotations

from collections.abc import Iterator

from faults.cells import Cell
from faults.stage import Stage
from faults.table import BETWEEN, CALLS, FAULTS, LASTING, ONCE, READ
from faults.tasks import Kind, Task, kinds, tasks

# What these mean for a single object, after a listing that has it, is its endpoint's own matter.
_OF_LISTINGS = ("401", "403", "404")
# What is refused without any fault is refused for a reason, and half a refusal is one.
REFUSED = 400
# In the short form these happen once only, for the time that they take.
_ONLY_ONCE = ("drip", "drip-headers", "big", "big-streamed", "gzip-bomb")


def rows(long: bool) -> Iterator[tuple[Kind | Task, str]]:
    """What goes through which fault: every task, or every kind in one of its tasks."""
    for kind in kinds():
        for fault in FAULTS:
            if long:
                # What is slow takes its time: only in the first task of each form and action.
                yield from ((task, fault) for task in tasks(kind) if task.is_first or not FAULTS[fault].slow)
            else:
                yield kind, fault


def cells(stage: Stage, of: Kind | Task, fault: str) -> Iterator[Cell]:
    """The cells of one of these."""
    return every_cell(stage, of, fault) if isinstance(of, Task) else some_cells(stage, of, fault)


def every_cell(stage: Stage, task: Task, fault: str) -> Iterator[Cell]:
    """The fault at each request of the task, for once and lasting; a slow one at the first of each purpose."""
    slow = FAULTS[fault].slow
    for call in (*CALLS, BETWEEN):
        for which, asked in enumerate(stage.reference(task).of(call)):
            single = call == BETWEEN or (call == READ and which)
            if single and (fault in _OF_LISTINGS or asked.status >= REFUSED):
                continue
            if not (slow and which):
                for how_long in (ONCE, LASTING):
                    yield Cell(task, fault, call, which, how_long)


def some_cells(stage: Stage, kind: Kind, fault: str) -> Iterator[Cell]:
    """The fault at each call, in one of the forms in turn; lasting where that makes a difference."""
    plain = [task for task in tasks(kind) if task.is_first]
    turn = list(FAULTS).index(fault)
    for number, call in enumerate(CALLS):
        able = [task for task in plain if stage.reference(task).of(call)]
        if able:
            task = able[(turn + number) % len(able)]
            once, lasting = FAULTS[fault].outcomes[call]
            for how_long in (ONCE,) if once == lasting or fault in _ONLY_ONCE else (ONCE, LASTING):
                yield Cell(task, fault, call, 0, how_long)
