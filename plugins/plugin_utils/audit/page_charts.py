# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's charts: licences and administrators of each tenant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import LICENSE, TOKEN, USER
from ansible_collections.dataops.access.plugins.plugin_utils.audit.page_people import objects


@dataclass(frozen=True)
class Part:
    """One part of a bar: its number, and from where to where in per cent of the chart's width."""

    name: str
    label: str
    number: int
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One tenant's bar."""

    tenant: str
    total: int
    parts: list[Part]

    @property
    def words(self) -> str:
        """The bar in words, for who does not see it."""
        return ", ".join(f"{part.number:,} {part.label}" for part in self.parts)


@dataclass(frozen=True)
class Chart:
    """Bars to one scale; ``labels`` are (class, label) of the parts."""

    title: str
    labels: list[tuple[str, str]]
    bars: list[Bar]


def view(record: Mapping[str, Any]) -> list[Chart]:
    """The charts that have something to show."""
    licences: dict[str, list[str]] = {}
    accounts: dict[str, list[str]] = {}
    for tenant, _kind, existing in objects(record):
        name = tenant["tenant"]
        if existing["nature"] == LICENSE:
            licences.setdefault(name, []).append(_state(existing["enabled"]))
        elif existing["nature"] in (USER, TOKEN):
            accounts.setdefault(name, []).append("first" if existing["administrator"] else "second")
    charts = [
        _chart(
            "Licences", [("first", "active"), ("second", "inactive"), ("third", "not told whether active")], licences
        ),
        _chart("Administrators", [("first", "administrators"), ("second", "other accounts and tokens")], accounts),
    ]
    return [chart for chart in charts if chart.bars]


def _state(enabled: bool | None) -> str:
    if enabled is None:
        return "third"
    return "first" if enabled else "second"


def _chart(title: str, labels: list[tuple[str, str]], found: Mapping[str, Sequence[str]]) -> Chart:
    longest = max((len(parts) for parts in found.values()), default=1)
    return Chart(title, labels, [_bar(tenant, found[tenant], labels, longest) for tenant in sorted(found)])


def _bar(tenant: str, found: Sequence[str], labels: list[tuple[str, str]], longest: int) -> Bar:
    parts = []
    x = 0.0
    for name, label in labels:
        number = found.count(name)
        width = round(100 * number / longest, 2)
        parts.append(Part(name, label, number, round(x, 2), width))
        x += width
    return Bar(tenant, len(found), parts)
