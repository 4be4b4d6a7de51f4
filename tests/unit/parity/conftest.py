# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what is compared, pair by pair; the end of the run says how much that was."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest

GROUP = "parity"
Same = Callable[[str, Collection[Any], Collection[Any]], None]


@pytest.fixture
def same(tally: Callable[[str, str, int], None]) -> Same:
    """``same(pair, found, source)`` asserts that both are equal and not empty, and counts their items."""

    def compare(pair: str, found: Collection[Any], source: Collection[Any]) -> None:
        assert found == source, pair
        assert source, f"{pair}: there is nothing to compare"
        tally(GROUP, pair, len(source))
        tally(GROUP, "all checks", len(source))

    return compare
