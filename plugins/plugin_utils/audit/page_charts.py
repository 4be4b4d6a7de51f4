# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's charts: licences and administrators of each tenant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import LICENSE, TOKEN, USER
from ansible_collections.dataops.access.plugins.plugin_utils.audit.page_expiry import moment
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
    # What there is to use, in words, and where that is on the chart; None: nobody declared it.
    quota: str | None = None
    limit: float | None = None

    @property
    def words(self) -> str:
        """The bar in words, for who does not see it."""
        told = ", ".join(f"{part.number:,} {part.label}" for part in self.parts)
        return told if self.quota is None else f"{self.quota}: {told}"


@dataclass(frozen=True)
class Chart:
    """Bars to one scale; ``labels`` are (class, label) of the parts."""

    title: str
    labels: list[tuple[str, str]]
    bars: list[Bar]

    @property
    def has_limits(self) -> bool:
        """Whether a bar shows how many there may be."""
        return any(each.limit is not None for each in self.bars)


def view(record: Mapping[str, Any]) -> list[Chart]:
    """The charts that have something to show."""
    now = moment(record["run"]["at"])
    # A tenant with a quota has a bar, though perhaps no licence.
    used = {tenant["tenant"]: tenant["licences"] for tenant in record["tenants"] if tenant["licences"]}
    licences: dict[str, list[str]] = {name: [] for name in used}
    accounts: dict[str, list[str]] = {}
    for tenant, _kind, existing in objects(record):
        name = tenant["tenant"]
        if existing["nature"] == LICENSE:
            licences[name].append(_state(existing, now))
        elif existing["nature"] in (USER, TOKEN):
            accounts.setdefault(name, []).append("first" if existing["administrator"] else "second")
    # What counts as used comes first, so that it ends where it is compared with the quota.
    states = [("first", "active"), ("third", "not told whether active"), ("second", "inactive or expired")]
    charts = [
        _chart("Licences", states, licences, used),
        _chart("Administrators", [("first", "administrators"), ("second", "other accounts and tokens")], accounts),
    ]
    return [chart for chart in charts if chart.bars]


def _state(existing: Mapping[str, Any], now: datetime | None) -> str:
    expires = moment(existing["expires"])
    if existing["enabled"] is False or (now and expires and expires <= now):
        return "second"
    return "third" if existing["enabled"] is None else "first"


def _chart(
    title: str,
    labels: list[tuple[str, str]],
    found: Mapping[str, Sequence[str]],
    used: Mapping[str, Mapping[str, int | None]] | None = None,
) -> Chart:
    """``used``: ``{used, quota}`` by tenant."""
    told = used or {}
    quotas = {tenant: each["quota"] for tenant, each in told.items() if each["quota"] is not None}
    longest = max([1, *quotas.values(), *(len(parts) for parts in found.values())])
    bars = []
    for tenant in sorted(found):
        parts = _parts(found[tenant], labels, longest)
        quota = quotas.get(tenant)
        words = None if quota is None else f"{told[tenant]['used']:,} of {quota:,} used"
        limit = None if quota is None else _share(quota, longest)
        bars.append(Bar(tenant, len(found[tenant]), parts, words, limit))
    return Chart(title, labels, bars)


def _parts(found: Sequence[str], labels: list[tuple[str, str]], longest: int) -> list[Part]:
    parts = []
    before = 0
    for name, label in labels:
        number = found.count(name)
        parts.append(Part(name, label, number, _share(before, longest), _share(number, longest)))
        before += number
    return parts


def _share(number: int, longest: int) -> float:
    """Per cent of the chart's width."""
    return round(100 * number / longest, 2)
