# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tasks run: an emulator that can be put back to what a task starts from, and what it does without faults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from ansible_collections.dataops.access.plugins.module_utils.core.service import Change
from emulator.server import Emulator
from faults.table import BETWEEN, LOG_IN, PROBE, PROOF, READ, WRITE
from faults.tasks import Task

_LOG_IN = re.compile(r"/(user-token|oauth2/token|authenticate)$")
# What differs from one run to the next, or is drawn at random.
_FLEETING = frozenset(
    ("created", "updated", "registered", "expires", "dateCreated", "token", "apiKey", "apiSecret", "password")
)


@dataclass(frozen=True)
class Asked:
    """One request of a task that nothing disturbs."""

    # Among all requests of the task, from 1.
    place: int
    # What it is for: table.CALLS.
    call: str
    method: str
    path: str
    # The answer's status.
    status: int
    # What the change does that it belongs to: "create", "update", "replace", "delete"; "" before and after writing.
    action: str


@dataclass(frozen=True)
class Reference:
    """What a task does without faults."""

    start: Mapping[str, Any]
    # What the tenant holds afterwards, as `comparable` has it.
    end: Any
    asked: tuple[Asked, ...]
    result: Mapping[str, Any]

    def of(self, call: str) -> list[Asked]:
        """Its requests of that purpose."""
        return [one for one in self.asked if one.call == call]


class Stage:
    """One emulator for many tasks."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._starts: dict[tuple[Any, ...], Mapping[str, Any]] = {}
        self._references: dict[Task, Reference] = {}

    def connection(self, task: Task, **options: Any) -> dict[str, Any]:
        """One request after the other, so that each has its place."""
        return {**task.kind.connection(self.emulator.connections), "api_concurrency": 1, **options}

    def reset(self, task: Task) -> None:
        """Back to what the task starts from."""
        self.emulator.reset(state={task.kind.tenant: self._start(task, len(task.before))})

    def held(self, task: Task) -> Any:
        """What the tenant holds, as `comparable` has it."""
        return comparable(self.emulator.state(task.kind.tenant))

    def _start(self, task: Task, steps: int) -> Mapping[str, Any]:
        """What the tenant holds after the first of the steps before a task."""
        key = (task.kind.name, task.before[:steps])
        if key not in self._starts:
            life = task.kind.life
            before = self._start(task, steps - 1) if steps else (life.state if life and life.state else {})
            self.emulator.reset(state={task.kind.tenant: before})
            if steps:
                done = task.before[steps - 1](self.connection(task))
                assert not done.get("failed"), done
            self._starts[key] = self.emulator.state(task.kind.tenant)
        return self._starts[key]

    def reference(self, task: Task) -> Reference:
        """What the task does without faults."""
        if task not in self._references:
            self.reset(task)
            start = self.held(task)
            with self._actions(task) as actions:
                result = task.run(self.connection(task))
            assert not result.get("failed"), f"{task}: {result}"
            assert result["changed"] == (task.action != READ)
            requests = self.emulator.requests()
            assert _counted(result["stats"]) == _recorded(requests)
            self._references[task] = Reference(start, self.held(task), tuple(_classified(requests, actions)), result)
        return self._references[task]

    @contextmanager
    def _actions(self, task: Task) -> Iterator[dict[int, str]]:
        """What the requests from each place on belong to, as far as they are sent by writing a change."""
        service, actions = task.kind.service, {}
        write = getattr(service, "write", None)

        def told(this: Any, change: Change) -> None:
            actions[len(self.emulator.requests())] = "replace" if change.replaced else change.action
            write(this, change)
            actions[len(self.emulator.requests())] = ""

        if write is None:
            yield actions
            return
        with mock.patch.object(service, "write", told):
            yield actions


def log_ins(requests: list[dict[str, Any]]) -> int:
    """How many of the requests ask for a session token."""
    return sum(bool(_LOG_IN.search(request["path"])) for request in requests)


def _counted(stats: Mapping[str, Any]) -> tuple[int, ...]:
    return stats["requests"], stats["reads"], stats["writes"]


def _recorded(requests: list[dict[str, Any]]) -> tuple[int, ...]:
    writes = sum(request["write"] for request in requests)
    return len(requests), len(requests) - log_ins(requests) - writes, writes


def _classified(requests: list[dict[str, Any]], actions: Mapping[int, str]) -> list[Asked]:
    found: list[Asked] = []
    action = ""
    for place, request in enumerate(requests):
        action = actions.get(place, action)
        call = BETWEEN if action else PROOF if any(one.action for one in found) else READ
        if request["write"]:
            call = WRITE
        elif _LOG_IN.search(request["path"]):
            call = LOG_IN if place == 0 else PROBE
        found.append(Asked(place + 1, call, request["method"], request["path"], request["status"], action))
    return found


def comparable(state: Any) -> Any:
    """A tenant's state without what two runs never have in common; ids are replaced by the names of what they name."""
    names: dict[str, str] = {}
    _collect(state, names)
    return _plain(state, names)


def _collect(value: Any, names: dict[str, str]) -> None:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _collect(item, names)
    if isinstance(value, dict) and "id" in value:
        names[str(value["id"])] = str(value.get("name") or value.get("email") or value.get("id"))


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        kept = {key: _plain(item, names) for key, item in value.items() if key not in _FLEETING}
        return {key: names.get(str(item), item) if key == "id" else item for key, item in kept.items()}
    if isinstance(value, list):
        return sorted((_plain(item, names) for item in value), key=repr)
    return names.get(value, value) if isinstance(value, str) else value
