# SPDX-License-Identifier: GPL-3.0-or-later
"""What bounds a task on every platform: its deadline, what a server may ask it to wait, and one log-in for all."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import client, limits, retry
from documentation.modules import INFO, MANY, ONE
from faults.cells import run
from faults.stage import Stage, log_ins
from faults.table import LOG_IN, READ, WRITE
from faults.tasks import Kind, Task, kinds, several_new, tasks

DEADLINE = 7.0


class Clock:
    """Time that passes while nobody waits: the real one, and what was slept."""

    def __init__(self) -> None:
        self.slept = 0.0
        self._start = time.monotonic()

    def monotonic(self) -> float:
        return time.monotonic() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(client, "time", made)
    monkeypatch.setattr(limits, "time", made)
    return made


def of_each_kind(*forms: str) -> list[Any]:
    """One task of each kind, of the first of the forms that it has."""
    found = [[task for form in forms for task in tasks(kind) if task.form == form] for kind in kinds()]
    return [pytest.param(some[0], id=str(some[0])) for some in found if some]


@pytest.mark.parametrize("task", of_each_kind(INFO, ONE))
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 429, "retry_after": "3"}, "rate_limit"),
        ({"kind": "status", "status": 503}, "timeout"),
        ({"kind": "reset_before"}, "timeout"),
    ],
    ids=["429", "503", "reset"],
)
def test_waits_between_tries_keep_the_deadline(
    task: Task, fault: dict[str, Any], kind: str, stage: Stage, clock: Clock
) -> None:
    path = stage.reference(task).of(READ)[0].path
    stage.reset(task)
    stage.emulator.faults([{"path": path, "fault": fault}])
    found = run(stage, task, api_deadline=DEADLINE, api_retries=1000)
    stage.emulator.faults([])
    assert found.failure == kind, found.result["msg"]
    assert "api_deadline" in found.result["msg"]
    assert "answered" in found.result["msg"] or "failed" in found.result["msg"], "it says what went wrong"
    assert found.result["stats"]["waited_s"] == pytest.approx(clock.slept, abs=0.01)
    assert clock.slept <= DEADLINE
    assert found.writes == 0


@pytest.mark.parametrize("task", of_each_kind(INFO, ONE))
def test_an_answer_that_does_not_come_keeps_the_deadline(task: Task, stage: Stage) -> None:
    path = stage.reference(task).of(READ)[0].path
    stage.reset(task)
    stage.emulator.faults([{"path": path, "fault": {"kind": "delay", "seconds": 600}}])
    found = run(stage, task, api_deadline=0.7)
    stage.emulator.faults([])
    assert found.failure == "timeout"
    assert "api_deadline" in found.result["msg"]
    # The server would have waited ten minutes, api_timeout half of one.
    assert found.result["stats"]["elapsed_s"] < 20


@pytest.mark.parametrize("task", of_each_kind(ONE))
def test_a_write_that_the_deadline_cuts_off_is_an_unknown_outcome(task: Task, stage: Stage) -> None:
    reference = stage.reference(task)
    stage.reset(task)
    stage.emulator.faults([{"call": reference.of(WRITE)[0].place, "fault": {"kind": "delay", "seconds": 600}}])
    found = run(stage, task, api_deadline=1.5)
    stage.emulator.faults([])
    assert found.failure == "unknown_outcome", found.result["msg"]
    assert "api_deadline" in found.result["msg"]
    assert found.keys("unknown")
    assert found.result["changed"]
    again = run(stage, task)
    assert again.failure is None
    assert again.held == reference.end


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("task", of_each_kind(INFO, ONE))
def test_a_server_that_asks_for_a_day_is_not_waited_for(task: Task, status: int, stage: Stage, clock: Clock) -> None:
    path = stage.reference(task).of(READ)[0].path
    for wait in ("86400", "date:+86400"):
        for deadline in (0, DEADLINE):
            stage.reset(task)
            fault = {"kind": "status", "status": status, "retry_after": wait}
            stage.emulator.faults([{"path": path, "fault": fault}])
            found = run(stage, task, api_deadline=deadline)
            stage.emulator.faults([])
            assert found.failure == ("rate_limit" if status == retry.NOT_DONE else "server")
            assert ("api_deadline leaves" if deadline else "a task waits 300 at most") in found.result["msg"]
            assert clock.slept == 0


@pytest.mark.parametrize("kind", [kind for kind in kinds() if MANY in kind.forms], ids=str)
def test_a_session_that_ends_in_mid_run_is_renewed_once_for_all_threads(kind: Kind, stage: Stage) -> None:
    number = 24
    task = several_new(kind, number)
    logs_in = bool(stage.reference(tasks(kind)[0]).of(LOG_IN))
    stage.reset(task)
    stage.emulator.faults([{"method": "POST", "call": 10, "fault": {"kind": "expire"}}])
    found = run(stage, task, api_concurrency=8)
    stage.emulator.faults([])
    assert found.failure is None, found.result["msg"]
    assert len(found.keys("applied")) == number
    assert log_ins(found.requests) == 2 * logs_in
    assert not run(stage, task).result["changed"]
