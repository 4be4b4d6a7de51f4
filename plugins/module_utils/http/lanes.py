# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests are under way at once: half as many when the server has too much to do, then one more at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A server is slow when its answers take so many times as long as in its best time, and longer than this in seconds.
_SLOWER = 4.0
_SLOW_FROM = 1.0
# How much the newest answer counts in the average, and how many it takes before there is one.
_WEIGHT = 0.2
_FEW = 8


class Lanes:
    """At most ``most`` requests at once, fewer for a while after :meth:`too_much` and slow answers."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._limit = most
        self._used = 0
        self._well = 0
        self._halved = -1.0
        self._times: dict[str, _Times] = {}
        self._now = now
        self._condition = threading.Condition()

    @property
    def limit(self) -> int:
        """How many may be under way now."""
        return self._limit

    @contextmanager
    def one(self, seconds: float | None) -> Iterator[float]:
        """Take a lane for one request, and yield the seconds that it was waited for.

        ``seconds``: the longest to wait; None: as long as it takes. Raises TimeoutError.
        """
        waited = 0.0
        with self._condition:
            if self._used >= self._limit:
                asked = self._now()
                if not self._condition.wait_for(lambda: self._used < self._limit, seconds):
                    raise TimeoutError
                waited = self._now() - asked
            self._used += 1
        try:
            yield waited
        finally:
            with self._condition:
                self._used -= 1
                self._condition.notify()

    def too_much(self, began: float) -> None:
        """The server refused a request of the time ``began``. What began before the last halving says nothing new."""
        with self._condition:
            self._halve(began)

    def answered(self, sort: str, began: float) -> None:
        """The server answered a request of the time ``began``; only those of one sort take alike long."""
        with self._condition:
            times = self._times.setdefault(sort, _Times())
            if times.is_slow(self._now() - began):
                self._halve(began)
                return
            self._well += 1
            if self._well >= self._limit and self._limit < self._most:
                self._limit += 1
                self._well = 0
                self._condition.notify()

    def _halve(self, began: float) -> None:
        if began <= self._halved:
            return
        self._limit = max(1, self._limit // 2)
        self._well = 0
        self._halved = self._now()


class _Times:
    """How long answers of one sort take, on average, now and at best."""

    def __init__(self) -> None:
        self._count = 0
        self._average = 0.0
        self._best = float("inf")

    def is_slow(self, seconds: float) -> bool:
        """Take one more, and say whether the server has become slow."""
        self._count += 1
        self._average += (seconds - self._average) * (_WEIGHT if self._count > 1 else 1.0)
        if self._count < _FEW:
            return False
        self._best = min(self._best, self._average)
        return self._average > max(_SLOW_FROM, _SLOWER * self._best)
