# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what tests went through, over all workers of one run, and prints the sums at its end.

A test that takes the fixture ``tally`` says ``tally("cases", "ds_user: check mode equals the run", 200)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

_NAME = "tally"


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Callable[[str, str, int], None]:
    """``tally(group, name, number)`` adds to the sum of ``name``, which is printed under ``group``."""

    def add(group: str, name: str, number: int = 1) -> None:
        request.node.user_properties.append((_NAME, (group, name, number)))

    return add


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each sum."""
    sums: Counter[tuple[str, str]] = Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        # A worker's report has them as lists, since it was sent as JSON; one that was not run has none.
        for name, value in getattr(report, "user_properties", ()) if getattr(report, "when", "") == "teardown" else ():
            if name == _NAME:
                group, title, number = value
                sums[group, title] += number
    for group in sorted({group for group, _title in sums}):
        terminalreporter.section(group)
        for (of, title), number in sorted(sums.items()):
            if of == group:
                terminalreporter.write_line(f"{number:>8,}  {title}")
