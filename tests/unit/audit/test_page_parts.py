# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of the page are made of: next steps, the matrix of people, timelines and charts."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    page,
    page_charts,
    page_expiry,
    page_findings,
    page_people,
    page_scope,
    report,
)
from unit.audit import sample
from unit.audit.results import result

RICH = sample.rich()


def steps(record: dict[str, Any]) -> list[str]:
    return [step.text for step in page_scope.steps(record, page_findings.view(record).severities)]


def test_what_to_do_comes_in_the_order_of_urgency() -> None:
    assert steps(RICH) == [
        "Find out why the run did not reach ds-us.",
        "Make readable what could not be read on dqm, and run the audit again.",
        "Settle what is critical or high first: 2 critical and 3 high.",
        "Bring 5 objects in line: run dataops.access.apply (with --check --diff first), or correct the declaration.",
        "Decide about 5 objects that nobody declared: declare each one, or remove it.",
        "For a verdict on all tenants, run it for devo-us too.",
    ]
    assert steps(sample.clean()) == ["Keep this report as evidence; there is nothing to mend in what it covers."]


def test_small_findings_alone_are_something_to_do() -> None:
    record = sample.tenant("ds", "datasentinel", result())
    record["findings"] = [sample.found("token_old", "low", "forbidden", record, "x", "is old")]
    assert steps(one(record)) == ["Look through the findings: each says what mends it."]


def one(*records: dict[str, Any]) -> dict[str, Any]:
    hosts = [record["tenant"] for record in records]
    return sample.finished(list(records), [], report.scope(hosts, hosts, hosts, None))


def test_what_is_not_covered_is_told_for_each_platform_once() -> None:
    record = one(*(sample.tenant(host, "dbsync", result()) for host in ("a", "b")), sample.tenant("c", "dqm", result()))
    assert page_scope.not_covered(record) == {name: sample.NOT_COVERED[name] for name in ("dbsync", "dqm")}


def users(host: str, *existing: dict[str, Any], complete: bool = True) -> dict[str, Any]:
    return sample.tenant(host, "datasentinel", result(existing=list(existing), complete=complete))


def test_people_are_joined_over_tenants_whatever_the_case() -> None:
    record = one(
        users("a", sample.existing("Ana@Example.com", "user", "Ana@Example.com", entitlements=["role x"])),
        users("b", sample.existing("ana@example.com", "user", "ana@example.com", declared=None, administrator=True)),
        users("c", complete=False),
    )
    matrix = page_people.view(record, {"ana@example.com": 3})
    assert [(column.tenant, column.unread) for column in matrix.columns] == [("a", False), ("b", False), ("c", True)]
    (ana,) = matrix.rows
    assert (ana.name, ana.findings, [len(cell) for cell in ana.cells]) == ("ana@example.com", 3, [1, 1, 0])
    assert [mark.word for mark in ana.cells[1][0].marks] == ["not declared", "administrator"]


def test_with_many_tenants_a_column_is_a_platform() -> None:
    record = one(*(users(f"ds-{number}", sample.existing("a", "user", "a")) for number in range(9)))
    matrix = page_people.view(record, {})
    assert [(column.tenant, column.platform) for column in matrix.columns] == [("", "datasentinel")]
    assert [entry.tenant for entry in matrix.rows[0].cells[0]] == [f"ds-{number}" for number in range(9)]


def test_what_belongs_to_nobody_is_told_apart() -> None:
    record = one(users("a", sample.existing("service", "token", declared=None)))
    matrix = page_people.view(record, {})
    assert (matrix.rows, [(tenant, entry.what) for tenant, _platform, entry in matrix.nobody]) == (
        [],
        [("a", "user service")],
    )


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, "declared"),
        ({"declared": None}, "not declared"),
        ({"declared": "absent"}, "declared absent"),
        ({"administrator": True}, "administrator"),
        ({"unrestricted": True}, "unrestricted"),
        ({"wide": ["scope *"]}, "wide scope"),
        ({"enabled": False}, "disabled"),
        ({"permanent": True}, "never expires"),
        ({"protected": "built-in"}, "protected: built-in"),
    ],
)
def test_marks_are_words(more: dict[str, Any], word: str) -> None:
    assert page_people.marks(sample.existing("a", "user", "a", **more))[-1].word == word


@pytest.mark.parametrize(
    ("expires", "left", "state"),
    [
        ("2026-01-31T06:00:00Z", "today", "soon"),
        ("2026-01-31T05:59:59Z", "expired today", "expired"),
        ("2026-01-30T05:00:00Z", "expired 1 day ago", "expired"),
        ("2026-02-01T06:00:00+00:00", "in 1 day", "soon"),
        ("2026-03-02T05:59:00Z", "in 29 days", "soon"),
        ("2026-03-02", "in 29 days", "soon"),
        ("2026-03-03T06:00:00Z", "in 31 days", "later"),
        ("9999-12-31T23:59:59-14:00", "not known", None),
        ("soon", "not known", None),
    ],
)
def test_time_left(expires: str, left: str, state: str | None) -> None:
    view = page_expiry.view(one(users("a", sample.existing("t", "token", expires=expires, permanent=False))))
    (row,) = view.rows
    assert (row.left, row.line.state if row.line else None) == (left, state)
    assert view.counts[state or "unknown"] == 1


def test_the_soonest_comes_first_and_lines_stay_inside() -> None:
    tokens = [
        sample.existing("never", "token", permanent=True),
        sample.existing("far", "token", created="2020-01-01", expires="2031-01-01"),
        sample.existing("near", "token", expires="2026-02-01"),
        sample.existing("past", "token", created="2019-01-01", expires="2020-01-01"),
        sample.existing("who", "user", "who"),
    ]
    view = page_expiry.view(one(users("a", *tokens)))
    assert [row.key for row in view.rows] == ["past", "near", "far", "never"]
    assert all(row.line and 0 <= row.line.x <= row.line.x + row.line.width <= 100.5 for row in view.rows)
    assert all(0 <= x <= 100 for x, _text in view.ticks)
    assert [text for _x, text in view.ticks] == ["2026-01", "2026-04", "2026-07", "2026-10"]


def test_charts_count_licences_and_administrators() -> None:
    licences, administrators = page_charts.view(RICH)
    assert [(each.tenant, each.words) for each in licences.bars] == [
        ("dbsync-acme", "3 of 5 used: 2 active, 1 not told whether active, 1 inactive or expired")
    ]
    assert (licences.bars[0].limit, licences.bars[0].parts[1].x + licences.bars[0].parts[1].width) == (100, 60)
    assert [(each.tenant, [part.number for part in each.parts]) for each in administrators.bars] == [
        ("devo-eu", [0, 5]),
        ("ds-eu", [2, 3]),
    ]
    assert all(each.parts[-1].x + each.parts[-1].width <= 100.1 for each in licences.bars + administrators.bars)


@pytest.mark.parametrize(
    ("number", "ended", "quota", "words", "limit", "drawn"),
    [
        (0, 0, 10, "0 of 10 used: 0 active", 100, 0),
        (8, 0, 10, "8 of 10 used: 8 active", 100, 80),
        (8, 2, 10, "8 of 10 used: 8 active, 0 not told whether active, 2 inactive or expired", 100, 100),
        (8, 2, 5, "8 of 5 used: 8 active, 0 not told whether active, 2 inactive or expired", 50, 100),
        (2, 0, 0, "2 of 0 used: 2 active", 0, 100),
        (2, 0, None, "2 active", None, 100),
    ],
)
def test_licences_are_drawn_against_the_quota(
    number: int, ended: int, quota: int | None, words: str, limit: float | None, drawn: float
) -> None:
    there = [sample.existing(f"Acme/{place}", "license", enabled=True) for place in range(number)]
    over = [sample.existing(f"Globex/{place}", "license", expires="2025-12-31", enabled=True) for place in range(ended)]
    record = sample.tenant("a", "dbsync", result(existing=there + over), quota=quota)
    assert record["licences"] == {"used": number, "quota": quota}
    ((drawn_bar,),) = (chart.bars for chart in page_charts.view(one(record)))
    assert drawn_bar.words.startswith(words)
    assert (drawn_bar.limit, drawn_bar.parts[-1].x + drawn_bar.parts[-1].width) == (limit, drawn)
    html = page.render(one(record))
    assert ("as many may be used" in html) is ('class="limit"' in html) is (quota is not None)


def test_a_field_is_shown_as_a_reader_says_it() -> None:
    values = [None, True, False, "", "x", 3, ["a", "b"], [], {"b": 1, "a": [None]}, [1, None]]
    assert [page_findings.shown(value) for value in values] == [
        "nothing", "true", "false", '""', "x", "3", "a, b", "nothing", '{"a": [null], "b": 1}', "[1, null]",
    ]  # fmt: skip
