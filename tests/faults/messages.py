# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of failure on every platform: how it is brought about, and what a module then says.

docs/errors.md shows the messages, and the tests hold them to what somebody needs who reads them at night.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock

from ansible_collections.dataops.access.plugins.module_utils.http import retry
from emulator.server import Emulator
from faults.tasks import kinds
from unit.road import run_info, run_many, run_one

DBSYNC, ALTERYX, DQM, DATASENTINEL = "dbsync_license_users", "subscriptions", "dqm_client_info", "ds_users"
DEVO, DEVO_TOKENS = "devo_domain_users", "devo_tokens"
# What is there once for each platform, and what is told of tokens besides.
PLATFORMS = (DBSYNC, ALTERYX, DQM, DATASENTINEL, DEVO)
WRITING = tuple(name for name in PLATFORMS if name != DQM)

# A task of each module that finds nothing wrong where nothing goes wrong.
TASKS: Mapping[str, Mapping[str, Any]] = {
    DBSYNC: {"company": "Acme", "username": "nia@example.com"},
    ALTERYX: {"name": "Reports"},
    DQM: {},
    DATASENTINEL: {
        "email": "nia@example.com",
        "password": "made up for this",
        "privilege": "read",
        "profile": "developer",
        "roles": ["billing"],
    },
    DEVO: {"email": "nia@example.com", "username": "Nia Novak", "roles": ["analyst"]},
    DEVO_TOKENS: {"name": "collector", "audience": ["apiv2"]},
}
_WRONG: Mapping[str, Mapping[str, Any]] = {
    DBSYNC: {"partner_app_token": "made-up-and-wrong"},
    ALTERYX: {"client_secret": "made-up-and-wrong"},
    DQM: {"api_password": "made-up-and-wrong"},
    DATASENTINEL: {"api_password": "made-up-and-wrong"},
    DEVO: {"api_token": "made-up-and-wrong", "api_key": None, "api_secret": None},
    DEVO_TOKENS: {"api_token": "made-up-and-wrong"},
}
_PAGE = {"fault": {"kind": "html"}}
# What differs between operating systems, or from run to run.
_FLEETING = {
    r"\[Errno -?\d+\] ": "",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "7d1f5c2e-0000-4000-8000-000000000000",
}
_ALL = "."
_NO_LOG_IN = r"^(?!.*/(user-token|oauth2/token|authenticate)$)"
# What makes an object, and what shows afterwards whether it was made.
_CREATES = "registerUser|/v3/subscriptions|/users/|/user/internal"
_SHOWS = "licenseDetails|/v3/subscriptions|/ds-api/users$|/user/domain/"
# Readings before the first write.
_READINGS = {DBSYNC: 2, ALTERYX: 1, DATASENTINEL: 1, DEVO: 1}


@dataclass(frozen=True)
class Case:
    """One failure and how it comes about."""

    module: str
    kind: str
    # What is wrong, in words.
    when: str
    options: Mapping[str, Any] | None = field(default=None, compare=False)
    connection: Mapping[str, Any] = field(default_factory=dict, compare=False)
    # As the emulator takes them.
    faults: Sequence[Mapping[str, Any]] = field(default=(), compare=False)
    # What follows the usual address.
    address: str = ""
    # Whether nobody listens there.
    nobody: bool = False
    # Whether the options are those of the module for many objects.
    many: bool = False

    def __str__(self) -> str:
        return f"{self.module}-{self.kind}-{self.when}"


@dataclass(frozen=True)
class Told:
    """What became of a case."""

    title: str
    result: Mapping[str, Any]
    # The message, as it is with the platform's usual address.
    message: str


def _status(status: int, path: str = _ALL, **more: Any) -> dict[str, Any]:
    return {"path": path, "fault": {"kind": "status", "status": status, **more}}


def _everywhere() -> list[Case]:
    """What goes wrong in the same way on each platform."""
    found = []
    for name in (*PLATFORMS, DEVO_TOKENS):
        found += [
            Case(name, "auth", "wrong credentials", connection=_WRONG[name]),
            Case(name, "permission", "the account lacks the right (403)", faults=[_status(403, _NO_LOG_IN)]),
        ]
        if name != DBSYNC:
            found.append(Case(name, "not_found", "`api_url` has a wrong path", address="/wrong"))
    for name in PLATFORMS:
        slow = {"path": _NO_LOG_IN, "fault": {"kind": "delay", "seconds": 20}}
        quick = {"api_timeout": 0.3, "api_retries": 0}
        found += [
            Case(name, "rate_limit", "too many requests (429)", faults=[_status(429, _NO_LOG_IN)]),
            Case(name, "timeout", "no answer within `api_timeout`", faults=[slow], connection=quick),
            Case(name, "connection", "nobody listens at `api_url`", nobody=True),
            Case(name, "protocol", "a log-in page instead of the API", faults=[{"path": _NO_LOG_IN, **_PAGE}]),
            Case(name, "server", "the server fails (500)", faults=[_status(500, _NO_LOG_IN)]),
        ]
    for name in WRITING:
        later = list(range(_READINGS[name] + 1, 60))
        lost = [{"method": "POST", **_status(503, _CREATES, after=True)}, {**_status(503, _SHOWS), "call": later}]
        if name == ALTERYX:  # one address for both
            lost[1]["method"] = "GET"
        found.append(Case(name, "unknown_outcome", "the answer to a write was lost, and reading fails", faults=lost))
    return found


CASES: tuple[Case, ...] = (
    *_everywhere(),
    Case(
        DATASENTINEL,
        "server",
        "a write fails (500), and reading shows that nothing was done",
        faults=[_status(500, "/users/")],
    ),
    Case(DBSYNC, "protocol", "`api_url` has a wrong path", address="/wrong"),
    Case(
        DATASENTINEL,
        "protocol",
        "a redirect",
        faults=[{"path": _ALL, "fault": {"kind": "redirect", "location": "https://elsewhere.example.com/"}}],
    ),
    # --- what the declared state does not allow, or cannot mean -----------------------------------------------------
    Case(DBSYNC, "validation", "a blank too many", {"company": "Acme", "username": "nia@example.com "}),
    Case(ALTERYX, "validation", "a user who does not exist", {"name": "Finance", "users": ["nobody@example.com"]}),
    Case(DQM, "validation", "half of the credentials", connection={"api_password": None}),
    Case(DATASENTINEL, "validation", "a new user without rights", {"email": "nia@example.com", "password": "made up"}),
    Case(DEVO, "validation", "a role that does not exist", {**TASKS[DEVO], "roles": ["analystt"]}),
    Case(DEVO_TOKENS, "validation", "a key instead of a token", connection={"api_token": None}),
    Case(DBSYNC, "conflict", "the same name in another spelling", {"company": "ACME", "username": "Ann@example.com"}),
    Case(
        DBSYNC,
        "conflict",
        "more than `max_registrations`",
        {"users": [TASKS[DBSYNC], {"company": "Acme", "username": "noa@example.com"}], "max_registrations": 1},
        many=True,
    ),
    Case(ALTERYX, "conflict", "a subscription that is in use", {"name": "Finance", "state": "absent"}),
    Case(DATASENTINEL, "conflict", "the account in use", {"email": "automation@example.com", "state": "absent"}),
    Case(
        DATASENTINEL,
        "conflict",
        "more than `max_deletions`",
        {"users": [{"email": "grace@example.com", "state": "absent"}], "max_deletions": "0"},
        many=True,
    ),
    Case(DEVO, "conflict", "the owner of the domain", {"email": "owner@example.com", "roles": ["analyst"]}),
    Case(DEVO_TOKENS, "conflict", "a field that cannot be changed", {"name": "reports", "audience": ["http"]}),
    Case(DBSYNC, "quota", "the year's quota is used up", faults=[_status(402, "registerUser")]),
    *(Case(name, "quota", "a 402", faults=[_status(402, _NO_LOG_IN)]) for name in PLATFORMS if name != DBSYNC),
)

# What cannot be, and why.
NEVER: Mapping[tuple[str, str], str] = {
    (DBSYNC, "not_found"): "a wrong address must not look like a user who is absent, and is `protocol`",
    (DQM, "conflict"): "nothing is written there",
    (DQM, "unknown_outcome"): "nothing is written there",
}


@cache
def told() -> Mapping[Case, Told]:
    """What each case says, against one emulator."""
    with Emulator() as emulator, mock.patch.object(retry, "backoff", return_value=0.0), socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{unused.getsockname()[1]}"
        return {case: _told(case, emulator, silent) for case in CASES}


def _told(case: Case, emulator: Emulator, silent: str) -> Told:
    kind = next(kind for kind in kinds() if kind.name == case.module)
    platform = kind.service.platform
    emulator.reset()
    emulator.faults(list(case.faults))
    usual = kind.connection(emulator.connections)
    address = silent if case.nobody else usual["api_url"]
    connection = {**usual, "api_url": address + case.address, **case.connection}
    if case.module == DEVO:
        connection["domain"] = "example@reseller"
    run = run_many if case.many else run_info if kind.life is None else run_one
    result = run(kind.service, TASKS[case.module] if case.options is None else case.options, connection)
    said = str(result.get("msg", "")).replace(address, platform.url_example)
    for pattern, usually in _FLEETING.items():
        said = re.sub(pattern, usually, said)
    return Told(platform.title, result, said)
