# SPDX-License-Identifier: GPL-3.0-or-later
"""A promise is judged by the figures of its run, and not at all where something was not measured."""

from __future__ import annotations

import pytest

from benchmarks import promises
from benchmarks.figures import Figures, Line
from benchmarks.measure import Measured, median


def line(group: str, variant: str, wall: float, requests: float = 0) -> Line:
    return Line(group, 20, variant, 1_000, None, Measured(wall, wall, 60, requests, connections=8))


def figures(module: float, requests: float = 1_003) -> Figures:
    group = "create 1,000 Datasentinel users"
    return Figures(
        [
            line(group, "an empty play", 0.8),
            line(group, "the play without its task", 1.0),
            line(group, "the plural module", module, requests),
            line(group, "a script with requests", 3.0, 1_003),
        ]
    )


@pytest.mark.parametrize(("module", "kept"), [(4.5, True), (4.7, False)])
def test_time_is_compared_above_the_play_without_its_task(module: float, kept: bool) -> None:
    found = {one["promise"]: one for one in promises.kept(figures(module))}
    ratio = next(one for name, one in found.items() if "over that of a script" in name)
    assert ratio["value"] == pytest.approx((module - 1) / 3, abs=1e-4)
    assert ratio["kept"] is kept
    assert len(found) == 3
    assert ("NOT KEPT" in promises.table(list(found.values()))) is not kept


def test_one_request_too_many_is_not_kept() -> None:
    assert [one["kept"] for one in promises.kept(figures(4.5, requests=1_004))] == [True, False, True]


def test_the_median_is_taken_of_each_figure() -> None:
    many = [Measured(1, 9, 5), Measured(2, 8, 5), Measured(30, 7, 6)]
    assert median(many) == Measured(2, 8, 5)
