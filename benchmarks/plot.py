# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what was measured, for docs/performance.md."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.figures import Figures
from benchmarks.groups import SIZES, WORKS, of_users
from benchmarks.promises import GROWTH, LOOPS

_WAYS = {
    "a loop of ansible.builtin.uri": "loop of ansible.builtin.uri",
    "a loop of the singular module, processes apart": "loop of the singular module,\na process for each item",
    "a loop of the singular module": "loop of the singular module",
    "the plural module": "the plural module",
}


def draw(figures: Figures, file: Path) -> None:
    """An SVG that is the same for the same figures. Leaves out the panels of which nothing was measured."""
    panels = [panel for panel in (_ways, _growth) if panel(figures, None)]
    if not panels:
        return
    mpl.rcParams.update({"svg.hashsalt": "dataops.access", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure = Figure(figsize=(5.2 * len(panels), 4), layout="constrained")
    for panel, axes in zip(panels, figure.subplots(1, len(panels), squeeze=False)[0], strict=True):
        axes.grid(visible=True, alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        panel(figures, axes)
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    file.write_text("".join(f"{line.rstrip()}\n" for line in drawn.getvalue().splitlines()))


def _ways(figures: Figures, axes: Any) -> bool:
    """Milliseconds for each object that is created, by each way of doing it."""
    lines = {line.variant: line for line in figures.lines if line.group == LOOPS and line.variant in _WAYS}
    if len(lines) < len(_WAYS):
        return False
    if axes is not None:
        names = [name for name in _WAYS if name in lines]
        values = [figures.above(LOOPS, name) * 1000 / lines[name].objects for name in names]
        bars = axes.barh([_WAYS[name] for name in names], values, color="#3b6ea5")
        axes.bar_label(bars, [f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms" for value in values], padding=3)
        axes.set_xscale("log")
        axes.set_xlim(right=max(values) * 6)
        axes.invert_yaxis()
        axes.set_title("Create a user, server 20 ms away: time for each", loc="left", fontsize=10)
    return True


def _growth(figures: Figures, axes: Any) -> bool:
    """Seconds above an empty play, by the number of users."""
    drawn = False
    for name in WORKS:
        points = [(size, figures.maybe_above(of_users(size), name, 20)) for size in SIZES]
        drawn = _line(points, name, axes) or drawn
    file = [(size, figures.maybe_above(GROWTH, f"{size:,}", 20)) for size in (1_000, 10_000, 100_000)]
    drawn = _line(file, "no change, list from a file", axes) or drawn
    if drawn and axes is not None:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("users")
        axes.set_title("Seconds above an empty play, server 20 ms away", loc="left", fontsize=10)
        axes.legend(fontsize=8, frameon=False)
    return drawn


def _line(points: list[tuple[int, float | None]], name: str, axes: Any) -> bool:
    known = [(size, value) for size, value in points if value is not None and value > 0]
    if known and axes is not None:
        plot: Callable[..., Any] = axes.plot
        plot(*zip(*known, strict=True), marker="o", markersize=4, label=name)
    return bool(known)
