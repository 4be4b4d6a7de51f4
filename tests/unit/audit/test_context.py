# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules know beside a tenant: times, people who have left, what the previous report said."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import (
    Context,
    Leaver,
    disabled_before,
    zone,
)
from unit.audit.results import account, judged, read, result, whole

TODAY = dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("timezone", "day"), [("UTC", "2026-01-31"), ("Pacific/Kiritimati", "2026-02-01"), ("Pacific/Midway", "2026-01-31")]
)
def test_the_date_is_that_of_the_time_zone(timezone: str, day: str) -> None:
    now = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
    assert Context(now=now, timezone=timezone).today.isoformat() == day


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "", "/etc/localtime"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="access_timezone"):
        zone(name)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T06:00:00Z", "2026-01-31T06:00:00+00:00"),
        ("2026-01-31T07:00:00+01:00", "2026-01-31T07:00:00+01:00"),
        ("2026-01-31T06:00:00", "2026-01-31T06:00:00+00:00"),
        ("2026-01-31", "2026-01-31T00:00:00+00:00"),
        ("31.01.2026", None),
        ("", None),
        (None, None),
    ],
)
def test_times_of_a_record(text: str | None, moment: str | None) -> None:
    found = Context.moment(text)
    assert (found and found.isoformat()) == moment


# --- leavers ----------------------------------------------------------------------------------------------------


def test_the_certain_goes_before_the_probable() -> None:
    certain, probable = Leaver("leo", "certain"), Leaver("leo", "probable", certain=False)
    for leavers in ((certain, probable), (probable, certain)):
        found = Context(leavers=leavers).leaver("devo", "leo")
        assert found is not None
        assert found.reason == "certain"


# --- earlier reports --------------------------------------------------------------------------------------------


def test_the_date_is_taken_over_from_report_to_report() -> None:
    def audited(day: int, enabled: bool, previous: dict[str, Any] | None) -> dict[str, Any]:
        context = Context(
            now=dt.datetime(2026, 2, day, tzinfo=dt.UTC), disabled=disabled_before(previous) if previous else {}
        )
        record = whole(judged(read(result(existing=[account("bo", enabled=enabled)])), context))
        record["run"]["at"] = f"2026-02-{day:02}T00:00:00Z"
        return json.loads(json.dumps(record))

    first = audited(1, False, None)
    second = audited(5, False, first)
    assert disabled_before(second) == {"ds": {"user/bo": "2026-02-01"}}
    enabled = audited(6, True, second)
    assert disabled_before(enabled) == {}
    assert disabled_before(audited(7, False, enabled)) == {"ds": {"user/bo": "2026-02-07"}}


def test_a_report_that_does_not_know_the_date_gives_its_own() -> None:
    report = whole(judged(read(result(existing=[account("bo", enabled=False)]))))
    del report["tenants"][0]["kinds"][0]["existing"][0]["disabled_since"]
    assert disabled_before(report) == {"ds": {"user/bo": "2026-01-31"}}
