# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's timelines: what expires and when, the soonest first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import TOKEN
from ansible_collections.dataops.access.plugins.plugin_utils.audit.page_people import Mark, marks, objects

# What a timeline shows of past and future, in days.
PAST = 90
FUTURE = 365
SOON = 30


@dataclass(frozen=True)
class Line:
    """From where to where, in per cent of the timeline; ``state``: ``expired``, ``soon``, ``later`` or ``never``."""

    x: float
    width: float
    state: str


@dataclass(frozen=True)
class Row:
    """One object that expires, or a token; ``left`` is the time left in words."""

    tenant: str
    kind: str
    key: str
    people: list[str]
    expires: str
    left: str
    marks: list[Mark]
    line: Line | None


@dataclass(frozen=True)
class Expiry:
    """``ticks``: (per cent, text) of the first days of quarters; ``today``: per cent."""

    rows: list[Row]
    ticks: list[tuple[float, str]]
    today: float
    counts: dict[str, int]


def view(record: Mapping[str, Any]) -> Expiry:
    """All tokens, and whatever else has a date of expiry."""
    now = moment(record["run"]["at"])
    found = []
    for tenant, kind, existing in objects(record):
        if existing["nature"] == TOKEN or existing["expires"]:
            ends = moment(existing["expires"])
            found.append((ends or _LAST, tenant["tenant"], _row(now, ends, tenant["tenant"], kind, existing)))
    rows = [row for _ends, _tenant, row in sorted(found, key=lambda each: (each[0], each[1], each[2].key))]
    states = [row.line.state if row.line else "unknown" for row in rows]
    counts = {state: states.count(state) for state in ("expired", "soon", "later", "never", "unknown")}
    return Expiry(rows, [] if now is None else _ticks(now), _percent(timedelta()), counts)


_LAST = datetime.max.replace(tzinfo=timezone.utc)


def moment(text: str | None) -> datetime | None:
    """A point in time of the record, or None where it is none: what a server says may be anything."""
    try:
        # Python 3.9 and 3.10 do not read "Z".
        found = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
        return found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def _row(now: datetime | None, ends: datetime | None, tenant: str, kind: str, existing: Mapping[str, Any]) -> Row:
    left, line = "not known", None
    if existing["permanent"]:
        left, line = "never", Line(0, 100, "never")
    elif now and ends:
        days = (ends - now).days
        left, state = _left(ends - now, days)
        begins = moment(existing["created"])
        x, end = (0.0 if begins is None else _percent(min(begins, ends) - now)), _percent(ends - now)
        line = Line(x, round(max(end - x, 0.5), 2), state)
    return Row(
        tenant,
        kind,
        existing["key"],
        list(existing["people"]),
        # As the server says it, where that is no time.
        ends.isoformat(" ", "minutes")[:16].removesuffix(" 00:00") if ends else existing["expires"] or "",
        left,
        # Never is in the column beside it.
        [mark for mark in marks(existing) if mark.word != "never expires"],
        line,
    )


def _left(span: timedelta, days: int) -> tuple[str, str]:
    if span < timedelta():
        ago = (-span).days
        return ("expired today" if ago == 0 else f"expired {ago:,} day{'s'[: ago != 1]} ago"), "expired"
    return ("today" if days == 0 else f"in {days:,} day{'s'[: days != 1]}"), "soon" if days < SOON else "later"


def _percent(span: timedelta) -> float:
    """Where on the timeline something is that lies ``span`` after the run."""
    days = span.total_seconds() / 86_400
    return round(100 * min(max(days + PAST, 0), PAST + FUTURE) / (PAST + FUTURE), 2)


def _ticks(now: datetime) -> list[tuple[float, str]]:
    firsts = [
        datetime(year, month, 1, tzinfo=timezone.utc)
        for year in range(max(now.year - 1, 1), min(now.year + 2, 9999))
        for month in (1, 4, 7, 10)
    ]
    inside = (first for first in firsts if -PAST <= (first - now).days < FUTURE - 45)
    return [(_percent(first - now), f"{first:%Y-%m}") for first in inside]
