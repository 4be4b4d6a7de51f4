# SPDX-License-Identifier: GPL-3.0-or-later
"""What is new, what persists since when, and what is fixed since the report before."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.plugin_utils.audit import assembly, report
from ansible_collections.dataops.access.plugins.plugin_utils.audit.trend import Trend
from unit.audit.results import RUN, result, tenant

DAYS = ("2026-01-01T06:00:00Z", "2026-02-01T06:00:00Z", "2026-03-01T06:00:00Z")


def audit(
    at: str,
    *records: dict[str, Any],
    previous: dict[str, Any] | None = None,
    expected: tuple[str, ...] = (),
    rules: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A whole report of that moment."""
    hosts = [record["tenant"] for record in records]
    scope = report.scope(expected or hosts, hosts, hosts, None)
    return assembly.whole_report({**RUN, "at": at}, records, scope, previous=previous, rules=rules)


def strangers(*keys: str, host: str = "ds", **more: Any) -> dict[str, Any]:
    return tenant(result(unmanaged=tuple((key, "undeclared") for key in keys), **more), host=host)


def trends(record: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {item["key"]: (item["trend"], item["since"]) for one in record["tenants"] for item in one["findings"]}


def fixed(record: dict[str, Any]) -> list[str]:
    return [item["key"] for item in record["fixed"]]


def test_without_a_previous_report_nothing_is_known_to_be_new() -> None:
    record = audit(DAYS[0], strangers("zoe"))
    assert trends(record) == {"zoe": (None, DAYS[0])}
    assert (record["previous"], record["fixed"]) == (None, [])


def test_new_persisting_and_fixed() -> None:
    first = audit(DAYS[0], strangers("leo", "zoe"))
    second = audit(DAYS[1], strangers("ana", "zoe"), previous=first)
    assert trends(second) == {"ana": ("new", DAYS[1]), "zoe": ("persisting", DAYS[0])}
    assert fixed(second) == ["leo"]
    assert second["previous"] == {"at": DAYS[0], "sha256": first["sha256"]}
    third = audit(DAYS[2], strangers("ana", "leo", "zoe"), previous=second)
    assert trends(third) == {
        "ana": ("persisting", DAYS[1]),
        "leo": ("new", DAYS[2]),
        "zoe": ("persisting", DAYS[0]),
    }
    assert fixed(third) == []


def test_a_tenant_that_was_not_in_the_previous_report_has_no_trend() -> None:
    first = audit(DAYS[0], strangers("zoe", host="eu"), expected=("eu", "us"))
    second = audit(DAYS[1], strangers("zoe", host="eu"), strangers("leo", host="us"), previous=first)
    assert trends(second) == {"zoe": ("persisting", DAYS[0]), "leo": (None, DAYS[1])}


def test_what_could_not_be_read_before_is_not_new() -> None:
    first = audit(DAYS[0], tenant(result(complete=False)))
    assert trends(audit(DAYS[1], strangers("zoe"), previous=first)) == {"zoe": (None, DAYS[1])}


def test_what_was_not_looked_at_is_not_fixed() -> None:
    first = audit(DAYS[0], strangers("leo", host="eu"), strangers("zoe", host="us"))
    partial = audit(DAYS[1], strangers(host="eu"), previous=first, expected=("eu", "us"))
    assert fixed(partial) == ["leo"]
    unread = audit(DAYS[1], tenant(error="x", host="eu"), tenant(result(complete=False), host="us"), previous=first)
    assert fixed(unread) == []
    one = audit(DAYS[1], tenant(result(unknown=[{"key": "leo", "reason": "403"}]), host="eu"), previous=first)
    assert fixed(one) == []
    off = audit(DAYS[1], strangers(host="eu"), strangers(host="us"), previous=first, rules={"unmanaged": None})
    assert fixed(off) == []


def test_a_tenant_that_can_be_read_again_is_fixed() -> None:
    first = audit(DAYS[0], tenant(error="no credentials"))
    assert fixed(audit(DAYS[1], strangers(), previous=first)) == ["ds"]


def test_when_a_finding_was_seen_first() -> None:
    first = audit(DAYS[0], strangers("zoe"))
    trend = Trend(first, DAYS[1])
    assert trend.first_seen(first["tenants"][0]["findings"][0]["id"]) == DAYS[0]
    assert trend.first_seen("0" * 16) is None


KEYS = st.lists(st.sampled_from([f"user-{number}" for number in range(8)]), unique=True)


@given(KEYS, KEYS)
def test_each_finding_is_new_or_persisting_or_fixed(before: list[str], now: list[str]) -> None:
    first = audit(DAYS[0], strangers(*before))
    second = audit(DAYS[1], strangers(*now), previous=first)
    told = trends(second)
    assert {key for key, (trend, _since) in told.items() if trend == "new"} == set(now) - set(before)
    assert {key for key, (trend, _since) in told.items() if trend == "persisting"} == set(now) & set(before)
    assert sorted(fixed(second)) == sorted(set(before) - set(now))
    assert set(told) == set(now)
