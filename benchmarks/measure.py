# SPDX-License-Identifier: GPL-3.0-or-later
"""One command, measured: time on the clock and on the processor, memory, and what it asked of the server."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Seconds, seconds, MiB of the largest process; what the server was asked, and the seconds that took it."""

    wall: float
    cpu: float
    peak: float
    requests: float = 0
    writes: float = 0
    connections: float = 0
    server_cpu: float = 0

    def as_dict(self) -> dict[str, float]:
        """All of it, as it goes into a file."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def median(measured: Iterable[Measured]) -> Measured:
    """The median of each figure."""
    every = list(measured)
    return Measured(*(statistics.median(getattr(one, item.name) for one in every) for item in fields(Measured)))


class Failed(Exception):
    """What was to be measured did not do its work."""


class Server:
    """The emulator, as the process that a benchmark talks to."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self, state: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Forget everything, and hold this; returns the connection options of each tenant."""
        connections: dict[str, dict[str, str]] = self._call("POST", "reset", {"state": state})["platforms"]
        return connections

    def numbers(self) -> dict[str, float]:
        """What it was asked since, and its CPU seconds since it started."""
        numbers: dict[str, float] = self._call("GET", "numbers")
        return numbers

    def _call(self, method: str, what: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{what}", data, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            return json.load(answer)


def command(words: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
    """Run a command to its end. Raises Failed, with the end of what it said, when it fails."""
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{' '.join(words)} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
