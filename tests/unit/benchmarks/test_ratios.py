# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user costs is told by number and by distance, when all of it was measured."""

from __future__ import annotations

import pytest

from benchmarks import ratios
from benchmarks.figures import Figures, Line
from benchmarks.groups import LATENCIES, LOOPS, LOOPS_AT_ONCE, SCRIPT, SINGULAR, SIZES, SOME, WAITING, WORKS, of_users
from benchmarks.measure import Measured


def lines() -> list[Line]:
    """An empty play takes a second, each user one millisecond, and the script half of that."""
    points = {(size, LATENCIES[1]) for size in SIZES} | {(SIZES[2], latency) for latency in LATENCIES}
    found = []
    for size, latency in sorted(points):
        walls = {"an empty play": 1.0, SCRIPT: size / 2000, **dict.fromkeys(WORKS, 1 + size / 1000)}
        found += [
            Line(of_users(size), latency, name, size, None, Measured(wall, wall, 60)) for name, wall in walls.items()
        ]
    return found


def test_each_work_has_its_cost_by_number_and_distance() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in ratios.table(Figures(lines())).splitlines()]
    found = {(row[0], len(row)): row[1:] for row in rows if row}
    assert found["purge", 6] == ["1.00"] * 5
    assert found["purge", 7] == ["1.00"] * 3 + [""] * 3
    assert found["create", 7] == ["1.00"] * 3 + ["2.00"] * 3


@pytest.mark.parametrize("missing", range(0, 42, 7))
def test_a_part_says_nothing(missing: int) -> None:
    some = lines()
    assert len(some) == 42
    del some[missing]
    assert ratios.table(Figures(some)) == ""


def loop(group: str, latency: int, name: str, own_ms: float, requests: int) -> Line:
    """A loop of which each item waits for two answers, and takes so many milliseconds besides."""
    wall = 1 + SOME * (own_ms + 2 * latency) / 1000
    return Line(group, latency, name, SOME, None, Measured(wall, wall, 60, requests))


def test_an_item_is_told_without_what_it_waits_for() -> None:
    lines = []
    for group, latency in ((LOOPS, 20), (LOOPS_AT_ONCE, 0)):
        lines += [
            Line(group, latency, "an empty play", 0, None, Measured(1, 1, 60)),
            loop(group, latency, SINGULAR, 12, 2 * SOME),
            # It asks nothing of the server.
            loop(group, latency, WAITING, 5, 0),
        ]
    text = ratios.table(Figures(lines))
    assert f"| {SINGULAR} | 12.0 | 12.0 |" in text
    assert f"| {WAITING} | 5.0 | 5.0 |" in text
    assert ratios.table(Figures(lines[1:])) == ""
