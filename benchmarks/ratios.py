# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user costs in each work, by how many there are and how far away the server is, and what an item of a loop."""

from __future__ import annotations

import math

from benchmarks.figures import Figures, row
from benchmarks.groups import (
    LATENCIES,
    LOOPS,
    LOOPS_AT_ONCE,
    SCRIPT,
    SINGULAR,
    SIZES,
    SOME,
    WAITING,
    WORKS,
    of_users,
)
from benchmarks.work import WAITS

_USUAL = LATENCIES[1]
# Between these, time grows with the number of users; below, it is that of the first request.
_FROM, _TO = SIZES[-2:]


def beyond_latency(figures: Figures, group: str, variant: str, items: int) -> float:
    """Milliseconds for an item of a loop, without those that it waits for the server. Raises LookupError."""
    line = figures.line(group, variant)
    requests = WAITS * items if variant == WAITING else line.measured.requests
    waited = requests * line.latency + line.measured.server_cpu * 1000
    return (figures.above(group, variant) * 1000 - waited) / items


def table(figures: Figures) -> str:
    """Markdown: milliseconds for each user and each item. Empty where not all of it was measured."""
    return _of_users(figures) + _of_items(figures)


def _of_items(figures: Figures) -> str:
    groups = (LOOPS_AT_ONCE, LOOPS)
    try:
        rows = [
            [variant, *(f"{beyond_latency(figures, group, variant, SOME):.1f}" for group in groups)]
            for variant in (WAITING, SINGULAR)
        ]
    except LookupError:
        return ""
    title = f"**Milliseconds for an item of a loop of {SOME}**, above an empty play and the latency of its requests"
    return "\n".join(["", title, "", *_table(["", "server at once", f"server {_USUAL} ms away"], rows), ""])


def _of_users(figures: Figures) -> str:
    try:
        by_number = [_by_number(figures, work) for work in WORKS]
        by_distance = [_by_distance(figures, work) for work in WORKS]
    except LookupError:
        return ""
    numbers = ["", *(f"{size:,}" for size in SIZES), f"exponent from {_FROM:,} to {_TO:,}"]
    distances = ["", *(f"{latency} ms" for latency in LATENCIES), *(f"over a script, {each} ms" for each in LATENCIES)]
    return "\n".join(
        [
            "",
            f"**Milliseconds for each user**, by their number, server {_USUAL} ms away, above an empty play",
            "",
            *_table(numbers, by_number),
            "",
            f"**Milliseconds for each of {_FROM:,} users**, by the server's latency, above an empty play",
            "",
            *_table(distances, by_distance),
            "",
        ]
    )


def _by_number(figures: Figures, work: str) -> list[str]:
    seconds = {size: figures.above(of_users(size), work, _USUAL) for size in SIZES}
    exponent = math.log(seconds[_TO] / seconds[_FROM], _TO / _FROM)
    return [work, *(f"{value * 1000 / size:,.2f}" for size, value in seconds.items()), f"{exponent:.2f}"]


def _by_distance(figures: Figures, work: str) -> list[str]:
    group = of_users(_FROM)
    seconds = {latency: figures.above(group, work, latency) for latency in LATENCIES}
    # A script with the same requests is measured for one work alone.
    over = (
        f"{value / figures.get(group, SCRIPT, latency).wall:.2f}" if work == "create" else ""
        for latency, value in seconds.items()
    )
    return [work, *(f"{value * 1000 / _FROM:,.2f}" for value in seconds.values()), *over]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [row(head), row(["---", *["---:"] * (len(head) - 1)]), *map(row, rows)]
