# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds of one task: its deadline, its pace, its count of requests, and the time that one answer may take."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import NEXT, AccessError


class Deadline:
    """Seconds for the whole task, waits included; 0: none."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds if seconds > 0 else None

    def remaining(self) -> float | None:
        """Seconds left (negative when over); None: no deadline."""
        return None if self._end is None else self._end - time.monotonic()

    def clip(self, seconds: float) -> float:
        """``seconds``, or what is left of the deadline when that is less."""
        left = self.remaining()
        return seconds if left is None else max(0.0, min(seconds, left))

    def check(self, before: str) -> None:
        """Raise AccessError (kind ``timeout``) when the deadline is over."""
        left = self.remaining()
        if left is not None and left <= 0:
            raise self.over(before)

    def over(self, before: str) -> AccessError:
        """The error for a deadline that ended ``before`` something."""
        return AccessError(
            f"api_deadline: the {self.seconds:g} seconds for this task were over before {before}; "
            f"what was done stays done{NEXT}run it again, which goes on from there, or raise api_deadline",
            kind="timeout",
            retryable=True,
        )


class Pace:
    """At most so many requests a second over all threads; 0: no limit."""

    def __init__(self, per_second: float = 0.0) -> None:
        self._gap = 1.0 / per_second if per_second > 0 else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def delay(self) -> float:
        """Take the next slot; seconds to wait until it comes."""
        if not self._gap:
            return 0.0
        with self._lock:
            now = time.monotonic()
            slot = max(now, self._next)
            self._next = slot + self._gap
        return slot - now


class Stats:
    """Counts of one task, as every result shows them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start = time.monotonic()
        self._counts: dict[str, float] = {
            "requests": 0,
            "reads": 0,
            "writes": 0,
            "retries": 0,
            "waited_s": 0.0,
            "connections": 0,
        }

    def add(self, name: str, amount: float = 1) -> None:
        """Count."""
        with self._lock:
            self._counts[name] += amount

    def as_dict(self) -> dict[str, Any]:
        """``{requests, reads, writes, retries, waited_s, connections, elapsed_s}``."""
        with self._lock:
            counts: dict[str, Any] = dict(self._counts)
        counts["waited_s"] = round(counts["waited_s"], 3)
        counts["elapsed_s"] = round(time.monotonic() - self._start, 3)
        return counts


def reporting(
    kind: Any, opening: Callable[[Any], None], opened: Callable[[Any], None] = lambda connection: None
) -> Any:
    """A class of connections like ``kind`` that report themselves before they connect and after, for a watchdog."""

    class Connection(kind):  # type: ignore[misc]  # the base is only known here
        """Reports itself."""

        def connect(self, *args: Any, **kwargs: Any) -> Any:
            opening(self)
            made = super().connect(*args, **kwargs)
            opened(self)
            return made

    return Connection


class Watchdog:
    """Cuts off an answer that takes too long in all.

    A time-out for each read does not bound an answer that comes byte by byte; this does, headers included.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._due: list[tuple[float, int]] = []
        self._cuts: dict[int, Callable[[], None]] = {}
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watch(self, seconds: float, cut: Callable[[], None]) -> Iterator[Callable[[], bool]]:
        """Call ``cut`` unless the block ends within ``seconds``; yields a function that tells whether it was called."""
        fired = threading.Event()

        def fire() -> None:
            fired.set()
            cut()

        with self._condition:
            number = next(self._numbers)
            self._cuts[number] = fire
            heapq.heappush(self._due, (time.monotonic() + seconds, number))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="answer-watchdog", daemon=True)
                self._thread.start()
            elif self._due[0][1] == number:
                self._condition.notify()
        try:
            yield fired.is_set
        finally:
            with self._condition:
                self._cuts.pop(number, None)

    def close(self) -> None:
        """End the thread; another :meth:`watch` starts a new one."""
        with self._condition:
            self._thread = None
            self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                if self._thread is not threading.current_thread():
                    return
                while self._due and self._due[0][1] not in self._cuts:
                    heapq.heappop(self._due)
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is None or wait > 0:
                    self._condition.wait(wait)
                    continue
                cut = self._cuts.pop(heapq.heappop(self._due)[1])
            cut()
