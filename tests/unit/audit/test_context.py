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
    gone,
    zone,
)
from unit.audit.results import CONTEXT, account, judged, read, result, whole

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


# --- people -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "left"),
    [
        ({"email": "Leo@example.com", "state": "absent"}, True),
        ({"email": "leo@example.com"}, False),
        ({"email": "leo@example.com", "state": "present", "end_date": ""}, False),
        # The last day with access.
        ({"email": "leo@example.com", "end_date": "2026-01-31"}, False),
        ({"email": "leo@example.com", "end_date": "2026-01-30"}, True),
        ({"email": "leo@example.com", "end_date": dt.date(2026, 1, 30)}, True),
        ({"email": "leo@example.com", "end_date": dt.datetime(2026, 1, 31, 23, tzinfo=dt.UTC)}, False),
    ],
)
def test_who_of_the_people_has_left(person: dict[str, Any], left: bool) -> None:
    assert [leaver.name for leaver in gone([person], TODAY)] == (["leo@example.com"] if left else [])


def test_other_names_are_names_of_their_platform() -> None:
    person = {"email": "leo@example.com", "end_date": "2026-01-01", "accounts": {"dbsync": "LEO", "devo": ""}}
    context = Context(now=CONTEXT.now, leavers=tuple(gone([person], TODAY)))
    assert context.leaver("dbsync", "Leo") is not None
    assert context.leaver("alteryx", "leo") is None
    found = context.leaver("devo", "LEO@example.com")
    assert found is not None
    assert found.reason == "this person's last day was 2026-01-01, as access_people says"


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ("leo@example.com", "access_people must be a list"),
        ({"email": "leo@example.com"}, "access_people must be a list"),
        (["leo@example.com"], "access_people: entry 1 is no mapping with an email"),
        ([{"email": "a@example.com"}, {"name": "Leo"}], "access_people: entry 2 is no mapping with an email"),
        ([{"email": "leo@example.com", "end_date": "tomorrow"}], "entry 1: end_date is 'tomorrow', and has to be"),
        ([{"email": "leo@example.com", "end_date": 20260131}], "end_date is '20260131'"),
        ([{"email": "l@example.com", "state": "absent", "accounts": ["leo"]}], "accounts is no mapping"),
    ],
)
def test_people_that_are_wrong_are_refused(people: Any, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        gone(people, TODAY)
    assert message in refused.value.message


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
