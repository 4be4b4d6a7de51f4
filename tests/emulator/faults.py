# SPDX-License-Identifier: GPL-3.0-or-later
"""Which request is to go wrong, and how. What then happens on the wire is in fault_effects.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# kind -> its parameters with their defaults; ... marks one that must be given
KINDS: dict[str, dict[str, Any]] = {
    "status": {"status": ..., "retry_after": None, "after": False, "body": None, "content_type": None},
    "reset_before": {},
    "reset_after": {},
    "delay": {"seconds": ...},
    "truncate": {"short": False},
    "html": {"status": 200},
    "redirect": {"location": ..., "status": 302},
    "expire": {},
    "echo": {"form": "message", "part": "headers", "status": 400},
    "drip": {"bytes_per_s": 10},
    "drip_headers": {"bytes_per_s": 10},
    "big": {"bytes": 50_000_000, "streamed": False},
    "invalid_utf8": {},
    "wrong_type": {"to": None},
    "empty": {"status": 200},
    "gzip_bomb": {"bytes": 200_000_000},
}
# kinds that answer instead of the platform: the change is not made (`status` too, unless `after` is set)
BEFORE = {"reset_before", "html", "redirect"}


class Fault:
    """One entry of the list that POST /_emulator/faults takes. Raises ValueError for an entry it cannot read.

    {"method": "POST", "path": "regex", "call": 1 | [1, 3], "times": 2, "fault": {"kind": "status", "status": 503}}
    """

    def __init__(self, spec: Mapping[str, Any]) -> None:
        unknown = set(spec) - {"method", "path", "call", "times", "fault"}
        if unknown:
            raise ValueError(f"unknown key in a fault: {sorted(unknown)}")
        try:
            given = dict(spec["fault"])
            self.kind: str = given.pop("kind")
            known = KINDS[self.kind]
        except KeyError as error:
            raise ValueError(f"a fault needs a fault.kind out of {sorted(KINDS)}: {error}") from None
        if set(given) - set(known):
            raise ValueError(f"fault {self.kind} takes {sorted(known)}, not {sorted(set(given) - set(known))}")
        self.params: dict[str, Any] = {**known, **given}
        missing = sorted(key for key, value in self.params.items() if value is ...)
        if missing:
            raise ValueError(f"fault {self.kind} needs {missing}")
        self.method: str = spec.get("method", "*").upper()
        try:
            self.path = re.compile(spec.get("path", ""))
        except re.error as error:
            raise ValueError(f"fault path {spec['path']!r}: {error}") from None
        call = spec.get("call")
        self.calls = None if call is None else set(call if isinstance(call, list) else [call])
        self.times: int | None = spec.get("times")
        self.seen = 0  # matching calls so far
        self.fired = 0

    @property
    def makes_change(self) -> bool:
        """Whether the platform still handles the request."""
        return self.params["after"] if self.kind == "status" else self.kind not in BEFORE

    def due(self, method: str, target: str) -> bool:
        """Count this request if it matches, and say whether it is to go wrong."""
        if self.method not in ("*", method) or not self.path.search(target):
            return False
        self.seen += 1
        if self.calls is not None and self.seen not in self.calls:
            return False
        return self.times is None or self.fired < self.times


class FaultPlan:
    """The faults that are set."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def set(self, specs: Iterable[Mapping[str, Any]]) -> None:
        """Replace all faults; nothing is replaced if one entry cannot be read (ValueError)."""
        self.faults = [Fault(spec) for spec in specs]

    def pick(self, method: str, target: str) -> Fault | None:
        """The first fault that is due for this request. Every fault counts the request, fired or not."""
        due = [fault for fault in self.faults if fault.due(method, target)]
        if not due:
            return None
        due[0].fired += 1
        return due[0]
