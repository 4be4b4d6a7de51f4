# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listings that nothing was written after: what verified one item of a loop is what the next one starts from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Seconds from when it was asked for. A task with a list plans from one listing for as long as all of its writes take.
LONGEST_S = 1.0


@dataclass(frozen=True)
class Asked:
    """When a listing was asked for, and after how many writes."""

    since: float
    writes: int


@dataclass
class Recent:
    """What was listed, by address; none of it is older than the last write."""

    _writes: int = 0
    _found: dict[str, tuple[float, Any]] = field(default_factory=dict, repr=False)

    def ask(self) -> Asked:
        """To be called before a listing is asked for."""
        return Asked(time.monotonic(), self._writes)

    def keep(self, address: str, found: Any, asked: Asked) -> None:
        """Keep what was found, unless something was written while it was under way."""
        if asked.writes == self._writes:
            self._found[address] = asked.since, found

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Something is written meanwhile: nothing is known any more."""
        self._forget()
        try:
            yield
        finally:
            self._forget()

    def _forget(self) -> None:
        self._writes += 1
        self._found.clear()

    def get(self, address: str) -> Any:
        """What is known of that address; None where it has to be asked."""
        since, found = self._found.get(address, (0.0, None))
        return found if time.monotonic() - since <= LONGEST_S else None
