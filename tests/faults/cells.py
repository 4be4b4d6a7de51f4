# SPDX-License-Identifier: GPL-3.0-or-later
"""One cell of the table: a fault at one request of one task, and whether what comes of it is what is stated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from documentation.modules import INFO, ONE
from faults.stage import Asked, Reference, Stage, log_ins
from faults.table import (
    BETWEEN,
    EMPTY,
    FAULTS,
    LASTING,
    LOG_IN,
    NO_SESSION,
    ONCE,
    PROBE,
    PROOF,
    READ,
    WRITE,
    At,
    Outcome,
    expected,
)
from faults.tasks import Task

# For what is slow: long enough for any honest answer of the emulator.
SLOW_TIMEOUT = 0.8
RETRIES = 2


@dataclass(frozen=True)
class Cell:
    """A fault at the n-th request of a purpose, in one task."""

    task: Task
    fault: str
    call: str
    # From 0, among the requests of that purpose.
    which: int
    how_long: str

    def __str__(self) -> str:
        return f"{self.task}-{self.fault}-{self.call}{self.which or ''}-{self.how_long}"


@dataclass
class Run:
    """What came of a task."""

    result: dict[str, Any]
    requests: list[dict[str, Any]]
    held: Any

    @property
    def failure(self) -> str | None:
        """The failure's kind; None: success."""
        return str(self.result["failure"]["kind"]) if self.result.get("failed") else None

    def keys(self, *statuses: str) -> set[str]:
        """The objects with one of these statuses."""
        return {change["key"] for change in self.result.get("changes", ()) if change["status"] in statuses}

    @property
    def writes(self) -> int:
        """How many writes the platform was sent."""
        return sum(request["write"] for request in self.requests)


def run(stage: Stage, task: Task, check: bool = False, **options: Any) -> Run:
    """The task against the tenant as it is."""
    since = len(stage.emulator.requests())
    result = task.run(stage.connection(task, **options), check)
    return Run(result, stage.emulator.requests(since=since), stage.held(task))


def judge(stage: Stage, cell: Cell) -> None:
    """The task with the fault, a look at what it left, and the task once more: each as the table has it."""
    reference = stage.reference(cell.task)
    asked = reference.of(cell.call)[cell.which]
    kind = cell.task.kind
    places = {kind.name, kind.tenant} | (set() if reference.of(LOG_IN) else {NO_SESSION})
    at = At(frozenset(places), cell.call, f"{asked.method} {asked.path}", asked.action)
    outcome = expected(at, cell.fault, cell.how_long)
    found = disturbed(stage, cell, asked)
    _says_what_is_stated(found, outcome)
    _counts_are_true(cell, found)
    if cell.how_long == ONCE:
        _sent_as_often_as_stated(cell, asked, reference, found, outcome)
    if outcome.failure is None:
        _did_all(cell, reference, found, outcome)
    elif cell.call in (LOG_IN, READ):
        _did_nothing(reference, found)
    else:
        _did_what_it_says(stage, cell, reference, found)
        if cell.call == PROOF:
            assert found.held == reference.end
            assert found.keys("unknown") == found.keys("planned", "applied", "failed", "unknown")
    _is_brought_in_line_by_a_second_run(stage, cell, reference, found)
    # After a 404 other forms of an address are tried, which some servers do not have.
    assert stage.emulator.complaints() == [] or cell.fault == "404"


def disturbed(stage: Stage, cell: Cell, asked: Asked) -> Run:
    """The task with the fault at that request: there alone, or in all that follow."""
    fault = FAULTS[cell.fault]
    stage.reset(cell.task)
    where: dict[str, Any] = {"call": asked.place}
    if cell.how_long == LASTING and cell.call == PROOF:
        # The same address was read before.
        where = {"call": list(range(asked.place, asked.place + 100))}
    elif cell.how_long == LASTING:
        where = {"method": asked.method, "path": f"^{re.escape(asked.path)}$"}
    stage.emulator.faults([{**where, "fault": fault.wire}])
    options: dict[str, Any] = {"api_retries": RETRIES}
    if fault.slow:
        # Each try takes that long; where one has to succeed, a busy machine may need several.
        options = {"api_timeout": SLOW_TIMEOUT, "api_retries": 1 if cell.how_long == LASTING else 4}
    found = run(stage, cell.task, **options)
    stage.emulator.faults([])
    return found


def _says_what_is_stated(found: Run, outcome: Outcome) -> None:
    said = found.result.get("msg", "success")
    assert found.failure == outcome.failure, f"{found.failure} instead of {outcome.failure}: {said}"
    assert "internal error" not in said


def _counts_are_true(cell: Cell, found: Run) -> None:
    stats = found.result["stats"]
    assert stats["requests"] == len(found.requests)
    if cell.call == LOG_IN and found.failure:
        assert (stats["reads"], stats["writes"]) == (0, 0), "nothing was asked, since nobody was logged in"
    assert (stats["writes"] > 0) == (found.writes > 0)


def _sent_as_often_as_stated(cell: Cell, asked: Asked, reference: Reference, found: Run, outcome: Outcome) -> None:
    stopped = found.failure == "auth" or (found.failure and cell.call in (LOG_IN, READ))
    in_all = [one for one in reference.asked if one.place <= asked.place or not stopped]
    if outcome.sent is not None:
        same = [one for one in found.requests if (one["method"], one["path"]) == (asked.method, asked.path)]
        usual = [one for one in in_all if (one.method, one.path) == (asked.method, asked.path)]
        more = len(same) - len(usual)
        assert more == outcome.sent - 1 or (FAULTS[cell.fault].slow and more >= outcome.sent - 1), f"sent {more} more"
    if not reference.of(PROBE):  # a password is tried again where nothing else tells
        usual_log_ins = sum(one.call == LOG_IN for one in in_all)
        repeated_log_ins = (outcome.sent or 1) - 1 if cell.call == LOG_IN else 0
        assert log_ins(found.requests) == usual_log_ins + outcome.renews + repeated_log_ins
    # A date has whole seconds, and some of them may pass between the answer and its reading.
    least, most = {"429-seconds": (2.0, 2.0), "429-date": (2.1, 6.0)}.get(cell.fault, (0.0, 2.0))
    if outcome.sent == 2 and not FAULTS[cell.fault].slow:
        assert least <= found.result["stats"]["waited_s"] <= most


def _did_all(cell: Cell, reference: Reference, found: Run, outcome: Outcome) -> None:
    assert found.held == reference.end
    if cell.task.form == INFO:
        listed = {name for name, value in reference.result.items() if isinstance(value, list) and name != "warnings"}
        assert listed
        for name in listed:
            assert found.result[name] == ([] if outcome is EMPTY else reference.result[name])
        return
    assert _plan(found.result) == _plan(reference.result)
    assert found.keys("planned", "failed", "unknown") == set()
    assert found.result["changed"]


def _plan(result: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [(change["key"], change["action"], sorted(change["fields"])) for change in result["changes"]]


def _did_nothing(reference: Reference, found: Run) -> None:
    """Nothing was taken to be absent, nothing was purged, nothing is claimed."""
    assert found.held == reference.start
    assert found.writes == 0
    assert not found.result["changed"]
    assert "changes" not in found.result


def _did_what_it_says(stage: Stage, cell: Cell, reference: Reference, found: Run) -> None:
    """What it calls applied is so, what it calls failed is not, and no other object suffered."""
    left = run(stage, cell.task, check=True)
    planned = left.keys("planned")
    assert not planned & found.keys("applied")
    # The one object of a task may have got another name before it failed.
    assert found.keys("failed") <= planned or (cell.task.form == ONE and planned)
    harmed = found.keys("failed", "unknown")
    assert harmed
    if cell.how_long == ONCE and cell.call in (WRITE, BETWEEN) and found.failure != "auth":
        assert len(harmed) == 1
    assert found.result["changed"] or found.held == reference.start
    # What was accepted and not kept counts as a change, since the server has said so.
    nothing = found.held == reference.start and not found.keys("applied", "unknown")
    assert not (found.result["changed"] and nothing) or "was not kept" in found.result["msg"]


def _is_brought_in_line_by_a_second_run(stage: Stage, cell: Cell, reference: Reference, found: Run) -> None:
    again = run(stage, cell.task)
    assert again.failure is None, again.result["msg"]
    assert again.held == reference.end
    if found.failure is None:
        assert not again.result["changed"]
        assert again.writes == 0
