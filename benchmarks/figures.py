# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, to be looked up, printed and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.measure import Measured

_HEAD = ("", "objects", "wall s", "CPU s", "MiB", "requests", "at least", "writes", "connections")


@dataclass(frozen=True)
class Line:
    """The medians of one variant."""

    group: str
    latency: int
    variant: str
    objects: int
    # The fewest requests that do the work, where somebody knows.
    least: int | None
    measured: Measured


class Figures:
    """All lines of one run."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    def line(self, group: str, variant: str, latency: int | None = None) -> Line:
        """One line. Raises LookupError where it was not measured."""
        for line in self.lines:
            if (line.group, line.variant) == (group, variant) and latency in (None, line.latency):
                return line
        raise LookupError(f"{group}: {variant}")

    def get(self, group: str, variant: str, latency: int | None = None) -> Measured:
        """That line's figures."""
        return self.line(group, variant, latency).measured

    def above(self, group: str, variant: str, latency: int | None = None, below: str = "an empty play") -> float:
        """Seconds on the clock beyond those of another variant. Raises LookupError."""
        return self.get(group, variant, latency).wall - self.get(group, below, latency).wall

    def maybe_above(self, group: str, variant: str, latency: int) -> float | None:
        """The same; None where it was not measured."""
        try:
            return self.above(group, variant, latency)
        except LookupError:
            return None

    def as_list(self) -> list[dict[str, Any]]:
        """All lines, for a file."""
        return [
            {
                "group": line.group,
                "latency_ms": line.latency,
                "variant": line.variant,
                "objects": line.objects,
                "least_requests": line.least,
                **line.measured.as_dict(),
            }
            for line in self.lines
        ]

    def table(self) -> str:
        """All lines as a Markdown table for each group."""
        text: list[str] = []
        group = None
        for line in self.lines:
            if group != (line.group, line.latency):
                group = (line.group, line.latency)
                text += [
                    "",
                    f"**{line.group[0].upper()}{line.group[1:]}**, server {line.latency} ms away",
                    "",
                    row(_HEAD),
                    row(["---", *["---:"] * (len(_HEAD) - 1)]),
                ]
            one = line.measured
            numbers = (f"{one.wall:.2f}", f"{one.cpu:.2f}", f"{one.peak:.0f}")
            counts = (one.requests, line.least, one.writes, one.connections)
            shown = ("" if value is None else f"{value:,.0f}" for value in counts)
            text.append(row([line.variant, f"{line.objects:,}", *numbers, *shown]))
        return "\n".join(text)


def row(cells: Any) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
