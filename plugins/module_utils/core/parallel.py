# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many requests at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(function: Callable[[Item], Result], items: Sequence[Item], workers: int) -> list[Result]:
    """``function`` of each item, ``workers`` at a time, in the order of the items.

    Raises the error of the first item, in that order, that has one; what has not begun by then is not begun.
    """
    if len(items) < 2 or workers < 2:
        return [function(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor  # not for one object: it takes its time to load

    with ThreadPoolExecutor(max_workers=min(workers, len(items))) as pool:
        pending = [pool.submit(function, item) for item in items]
        try:
            return [one.result() for one in pending]
        except BaseException:
            for one in pending:
                one.cancel()
            raise
