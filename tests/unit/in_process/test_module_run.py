# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that runs in the controller's process leaves no trace there, and keeps every promise that it makes alone."""

from __future__ import annotations

import json
import locale
import logging
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as collected

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core import expressions
from ansible_collections.dataops.access.plugins.module_utils.http import kept
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.modules import ds_user
from ansible_collections.dataops.access.plugins.plugin_utils.in_process import ansible_core, module_run
from emulator.server import Emulator
from unit.in_process.here import Here

# Who is there at the start, and who is not.
GRACE = {"email": "grace@example.com"}
ANA = {"email": "ana@example.com", "privilege": "read", "profile": "developer", "roles": ["reporting"]}
SECRET = "the first password of ana"
LOG_IN = "/datasentinel/ds-api/user-token"


def surroundings() -> dict[str, Any]:
    module_run._KEEPER.close()
    for thread in threading.enumerate():
        if thread.name == "answer-watchdog":
            thread.join(10)  # it was told to end
    return {
        "environment": dict(os.environ),
        "folder": Path.cwd(),
        "umask": [os.umask(mask := os.umask(0)), mask],
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "timer": signal.getitimer(signal.ITIMER_REAL),
        "logging": (list(logging.root.handlers), logging.root.level, dict(logging.root.manager.loggerDict).keys()),
        "filters": list(warnings.filters),
        "locale": locale.setlocale(locale.LC_ALL),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "arguments": list(sys.argv),
        "path": list(sys.path),
        "threads": set(threading.enumerate()),
        "of a module": {
            name: value for name, value in vars(basic).items() if name.startswith(("_ANSIBLE_", "_PARSED"))
        },
        "collected": (list(collected._global_warnings), list(collected._global_deprecations)),
        "keeper": runner.KEEPER,
        "masking": basic.remove_values,
    }


@pytest.mark.parametrize(
    "options",
    [
        {**ANA, "password": SECRET},
        {**ANA, "privilege": "all"},
        {**ANA, "api_password": "wrong"},
        {**ANA, "validate_certs": False, "api_url": "https://127.0.0.1:9", "api_retries": 0},
    ],
    ids=["success", "argument", "log-in", "connection"],
)
def test_the_process_stays_as_it_was(here: Here, options: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    here.run({"email": "ana@example.com", "state": "absent"})  # whatever is imported or made once
    before = surroundings()
    here.run(options, LANG="C", DATASENTINEL_RETRIES="0", ANA="1")
    assert surroundings() == before
    assert capfd.readouterr() == ("", "")


def test_a_secret_that_is_left_to_ansible_core_is_masked_by_it() -> None:
    with ansible_core.as_on_a_target(b"{}"):
        assert basic.remove_values({"said": f"it is {SECRET}"}, {SECRET}) == {"said": "it is ********"}


def test_the_environment_and_the_folder_hold_for_the_run(here: Here) -> None:
    (here.folder / "users.yml").write_text("- {email: grace@example.com, comment: from a file}\n")
    names = {"api_url": "API_URL", "api_username": "USERNAME", "api_password": "PASSWORD"}
    variables = {f"DATASENTINEL_{variable}": here.connection[option] for option, variable in names.items()}
    here.connection = {}
    result = here.run({"users_file": "users.yml"}, "ds_users", **variables)
    assert [change["key"] for change in result["changes"]] == ["grace@example.com"]
    assert "no credentials" in here.run({"users_file": "users.yml", "api_url": "http://localhost"}, "ds_users")["msg"]


def test_warnings_are_those_of_one_run(here: Here) -> None:
    options = {"users": [], "purge_exclude": ["nobody"], "purge": True, "allow_empty": True, "max_deletions": "0"}
    assert [len(here.run(options, "ds_users").get("warnings", ())) for _run in range(2)] == [1, 1]
    assert "warnings" not in here.run({"users": []}, "ds_users")


def test_a_crash_is_a_failure_of_the_task(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> None:
        print("half a result")
        raise ZeroDivisionError("of a module")

    monkeypatch.setattr(ds_user, "main", crash)
    before = surroundings()
    ended = here.end(ANA)
    assert ended.code == 1
    assert "ZeroDivisionError" in ended.stdout + ended.stderr or "of a module" in ended.stdout
    assert surroundings() == before


def test_a_module_that_ends_without_a_result_has_failed(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ds_user, "main", lambda: None)
    assert here.end(ANA).code == 1


class OutOfTime(BaseException):
    """What the alarm of a task with ``timeout`` raises."""


def test_a_task_whose_time_is_over_ends_at_once(here: Here) -> None:
    def ring(*_signal: object) -> None:
        raise OutOfTime

    here.run(GRACE)
    here.emulator.faults([{"call": 1, "fault": {"kind": "delay", "seconds": 60}}])
    before = surroundings()
    handler = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(OutOfTime):
            here.run(GRACE)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
    assert surroundings() == before


def test_the_alarm_of_a_task_outlives_that_of_expressions() -> None:
    handler = signal.signal(signal.SIGALRM, lambda *_signal: None)
    signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        with expressions.within("purge_exclude"):
            assert signal.getitimer(signal.ITIMER_REAL)[0] < 30
        assert 50 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


# --- what one item of a loop leaves to the next -----------------------------------------------------------------------


def test_a_loop_has_one_log_in_and_one_connection(here: Here) -> None:
    results = [here.run({**ANA, "email": f"{name}@example.com", "password": SECRET}) for name in ("ana", "bo", "cy")]
    assert [result["stats"]["connections"] for result in results] == [1, 0, 0]
    assert [(result["stats"]["requests"], result["stats"]["writes"]) for result in results] == [(4, 1), (2, 1), (2, 1)]
    assert here.paths().count(LOG_IN) == 1


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ({"api_username": "grace@example.com"}, {}),
        ({"api_password": "another"}, {}),
        ({"api_timeout": 31.0}, {}),
        ({"validate_certs": False}, {}),
        ({}, {"HTTPS_PROXY": "http://proxy.example.com:3128"}),
    ],
)
def test_another_connection_shares_nothing(here: Here, options: dict[str, Any], environment: dict[str, str]) -> None:
    first = here.run(GRACE)
    other = here.run({**GRACE, **options}, **environment)
    back = here.run(GRACE)
    assert [result["stats"]["connections"] for result in (first, other, back)] == [1, 1, 1]
    assert here.paths().count(LOG_IN) == 3


def test_another_tenant_shares_nothing(here: Here) -> None:
    here.run(GRACE)
    with Emulator() as tenant:
        assert (
            here.run({**GRACE, "api_url": tenant.connections["datasentinel"]["api_url"]})["stats"]["connections"] == 1
        )
        assert LOG_IN in [request["path"] for request in tenant.requests()]


def test_a_client_is_closed_to_writes_for_each_item(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.run(GRACE)
    monkeypatch.setattr(Client, "allow_writes", lambda self: None)
    refused = here.run({**GRACE, "comment": "never written"})
    assert "the write" in refused["changes"][0]["error"]["msg"]
    assert here.emulator.writes() == []


def test_the_session_token_is_a_secret_of_every_item(here: Here) -> None:
    here.run(GRACE)
    (token,) = here.emulator.secrets("datasentinel")[-1:]
    here.emulator.faults([{"call": 1, "fault": {"kind": "echo", "part": "headers", "status": 403}}])
    result = here.run(GRACE)
    assert result["failed"]
    assert token not in json.dumps(result)


def test_what_went_wrong_is_not_kept(here: Here) -> None:
    here.run(GRACE)
    here.emulator.faults([{"call": 1, "fault": {"kind": "status", "status": 403}}])
    assert here.run(GRACE)["failed"]
    assert here.run(GRACE)["stats"]["connections"] == 1


def test_a_log_in_that_has_ended_is_made_again(here: Here) -> None:
    here.run(GRACE)
    here.emulator.reset()
    result = here.run({**ANA, "password": SECRET})
    assert not result.get("failed")
    assert result["changed"]


def test_a_loop_has_one_thread_that_watches_its_answers(here: Here) -> None:
    before, watching = set(threading.enumerate()), set()
    for _item in range(3):
        here.run(GRACE)
        watching |= {thread for thread in threading.enumerate() if thread.name == "answer-watchdog"} - before
    assert len(watching) == 1
    module_run._KEEPER.close()
    (thread,) = watching
    thread.join(10)
    assert not thread.is_alive()


def test_a_deadline_is_that_of_one_item(here: Here) -> None:
    deadline = {**GRACE, "api_deadline": 30.0}
    here.run(deadline)
    deadlines: list[float | None] = []
    with pytest.MonkeyPatch.context() as patch:
        hand_over = kept.Keeper.hand_over

        def look(keeper: kept.Keeper, connection: Any, client: Client, item: Any) -> None:
            hand_over(keeper, connection, client, item)
            deadlines.append(client._shared.deadline.remaining())
            deadlines.append(client._sessions.queue[0]._shared.deadline.remaining())

        patch.setattr(kept.Keeper, "hand_over", look)
        here.run(deadline)
    assert deadlines[0] == pytest.approx(deadlines[1], abs=0.1)


def test_the_pace_holds_from_one_item_to_the_next(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    options = {**GRACE, "api_rate_limit": 0.01}
    here.run(options)
    before = len(waited)
    here.run(options)
    assert len(waited) - before == 1, "the first request of an item waits for the last one of the item before"


def test_a_connection_that_was_idle_for_long_is_not_used_again(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.run(GRACE)
    monkeypatch.setattr(kept, "LONGEST_PAUSE_S", -1.0)
    stats = here.run(GRACE)["stats"]
    assert (stats["connections"], stats["requests"]) == (1, 1)
