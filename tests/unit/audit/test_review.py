# SPDX-License-Identifier: GPL-3.0-or-later
"""A review comes back: decisions are taken as they were meant, or the whole file is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import csv_file, review, review_rows
from unit.audit.results import account, result, tenant, whole

MADE = dt.date(2026, 1, 31)
TODAY = dt.date(2026, 2, 10)
ANSWER = {"reviewer": "ana", "date": "2026-02-01"}
PEOPLE = ("ann@example.com", "bob@example.com", "zoe@example.com")


def record(**accounts: Mapping[str, Any]) -> dict[str, Any]:
    """One tenant with the people of PEOPLE, each with two roles."""
    rights = ["privilege read", "role billing", "role payments"]
    existing = [account(name, **{"entitlements": rights, **accounts.get(name[:3], {})}) for name in PEOPLE]
    return whole(tenant(result(existing=existing)))


def answered(told: Mapping[str, Any], decisions: Mapping[str, str], **more: str) -> list[dict[str, str]]:
    """The rows of a report, read back; `decisions` by person, or by person and entitlement."""
    rows = review.read(csv_file.render(told).encode())
    for row in rows:
        decision = decisions.get(f"{row['key']} {row['entitlement']}", decisions.get(row["key"], ""))
        if decision:
            row.update(ANSWER, decision=decision, **more)
    return rows


def declared(told: Mapping[str, Any], rows: list[dict[str, str]]) -> list[dict[str, Any] | None]:
    found = review.review(rows, told, TODAY, 30)
    return [review.declaration(each, ("email", "roles", "enabled")) for each in found.decisions]


def test_each_decision_is_a_declaration() -> None:
    told = record()
    rows = answered(told, dict(zip(PEOPLE, ("keep", "remove", "disable"), strict=True)))
    assert declared(told, rows) == [
        None,
        {"email": "bob@example.com", "state": "absent"},
        {"email": "zoe@example.com", "enabled": False},
    ]


def test_who_was_not_decided_about_is_left_alone() -> None:
    told = record()
    found = review.review(answered(told, {PEOPLE[1]: "remove"}), told, TODAY, 30)
    assert [each.account["key"] for each in found.decisions] == [PEOPLE[1]]
    assert found.undecided == 2


def test_a_single_role_is_taken_away() -> None:
    told = record()
    rows = answered(told, {PEOPLE[0]: "keep", f"{PEOPLE[0]} role billing": "remove"})
    assert declared(told, rows) == [{"email": PEOPLE[0], "roles": ["payments"]}]


@pytest.mark.parametrize(
    ("decisions", "says"),
    [
        ({PEOPLE[0]: "keep", f"{PEOPLE[0]} privilege read": "remove"}, "privilege read cannot be taken away alone"),
        ({PEOPLE[0]: "keep", f"{PEOPLE[0]} role billing": "disable"}, "its rows contradict each other"),
        ({f"{PEOPLE[0]} role billing": "remove"}, "some of its rows have a decision and others have none"),
        ({PEOPLE[0]: "delete"}, "decision 'delete' is none of keep, remove, disable"),
    ],
)
def test_what_cannot_be_meant_is_refused(decisions: dict[str, str], says: str) -> None:
    told = record()
    with pytest.raises(ValidationError, match=says):
        declared(told, answered(told, decisions))


def test_who_cannot_be_disabled() -> None:
    told = record()
    (decision,) = review.review(answered(told, {PEOPLE[0]: "disable"}), told, TODAY, 30).decisions
    with pytest.raises(ValidationError, match=r"ds: user ann@example\.com cannot be disabled on this platform"):
        review.declaration(decision, ("email", "roles"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reviewer": ""}, "it has no reviewer"),
        ({"date": ""}, "it has no date"),
        ({"date": "soon"}, "the date 'soon' is not clear"),
        ({"date": "02/03/2026"}, "is not clear"),  # February or March
        ({"date": "2026-01-30"}, "not between that of the report"),
        ({"date": "2026-02-11"}, "not between that of the report"),
        ({"person": "eve@example.com"}, "person was changed from 'bob@example.com' to 'eve@example.com'"),
        ({"entitlement": "role all"}, "entitlement was changed"),
        ({"row": "0123456789abcdef"}, "the report has no row '0123456789abcdef'"),
    ],
)
def test_a_wrong_row_refuses_the_whole_file(change: dict[str, str], says: str) -> None:
    told = record()
    rows = answered(told, dict.fromkeys(PEOPLE, "remove"))
    rows[4].update(change)
    with pytest.raises(ValidationError, match=f"nothing is done: line 6: .*{says}"):
        review.review(rows, told, TODAY, 30)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = record()
    rows = answered(told, dict.fromkeys(PEOPLE, "remove"), reviewer="")
    with pytest.raises(ValidationError) as refused:
        review.review([*rows, rows[0]], told, dt.date(2026, 6, 1), 30)
    for line in range(2, 11):
        assert f"line {line}: it has no reviewer" in refused.value.message
    assert "line 11: row " in refused.value.message
    assert "stands there twice" in refused.value.message
    assert "more than access_review_max_age: 30 days ago" in refused.value.message


def test_rows_of_two_reports_are_refused() -> None:
    rows = answered(record(), {}) + answered(record(ann={"enabled": False}), {})
    with pytest.raises(ValidationError, match="not all of one report"):
        review.report_hash(rows)


SAVED = [
    pytest.param(",", "utf-8", "\n", id="as it was written"),
    pytest.param(";", "utf-8-sig", "\r\n", id="semicolons and a byte-order mark"),
    pytest.param("\t", "utf-16", "\r\n", id="Unicode text"),
]


@pytest.mark.parametrize(("delimiter", "encoding", "newline"), SAVED)
@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+34600", "-1", "@home", "Zoë", "a;b", 'a"b,c'])
@pytest.mark.parametrize("guard", [True, False])
def test_a_spreadsheet_saves_it_in_its_own_way(
    delimiter: str, encoding: str, newline: str, name: str, guard: bool
) -> None:
    told = whole(tenant(result(existing=[account(name)])))
    lines = list(csv.reader(io.StringIO(csv_file.render(told))))
    for line in lines[1:]:
        filled = dict(zip(lines[0], line, strict=True)) | ANSWER | {"decision": "Remove ", "date": "01.02.2026"}
        cells = [filled[column] for column in lines[0]]
        line[:] = cells if guard else [csv_file.plain(cell) for cell in cells]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(lines)
    rows = review.read(text.getvalue().encode(encoding))
    assert declared(told, rows) == [{"email": name, "state": "absent"}]


def test_a_name_that_lost_its_own_quote_is_refused() -> None:
    told = whole(tenant(result(existing=[account("'quoted")])))
    rows = answered(told, {"'quoted": "remove"})
    rows[0]["key"] = "quoted"
    with pytest.raises(ValidationError, match="key was changed"):
        review.review(rows, told, TODAY, 30)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is empty"),
        (b"a,b\n1,2\n", "the columns report_sha256, row, decision, reviewer, date are missing"),
        (b"row,\xff\xfe\xfa\n", "neither UTF-8 nor UTF-16"),
        (b'row,"open\n', "it is no CSV"),
    ],
)
def test_what_is_no_review_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        review.read(content)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-02-01", dt.date(2026, 2, 1)),
        ("2026-02-01 00:00:00", dt.date(2026, 2, 1)),
        ("1.2.2026", dt.date(2026, 2, 1)),
        ("28/2/2026", dt.date(2026, 2, 28)),
        ("2/28/2026", dt.date(2026, 2, 28)),
        ("3/3/2026", dt.date(2026, 3, 3)),
        ("2/3/2026", None),
        ("31.31.2026", None),
        ("46054", None),
    ],
)
def test_dates(text: str, date: dt.date | None) -> None:
    assert review.day(text) == date


@given(st.lists(st.sampled_from(["", "keep", "remove", "disable"]), min_size=9, max_size=9))
def test_nothing_is_done_that_nobody_decided(words: list[str]) -> None:
    told = record()
    rows = review.read(csv_file.render(told).encode())
    for row, word in zip(rows, words, strict=True):
        row.update({**ANSWER, "decision": word} if word else {})
    try:
        found = review.review(rows, told, TODAY, 30)
    except ValidationError:
        return
    for each in found.decisions:
        mine = {row["decision"] for row in rows if row["key"] == each.account["key"]}
        assert each.decision in mine
        assert "" not in mine
        assert set(each.entitlements) == (
            {row["entitlement"] for row in rows if row["key"] == each.account["key"] and row["decision"] == "remove"}
            if mine == {"keep", "remove"}
            else set()
        )


def test_the_rows_say_all_that_identifies_an_account() -> None:
    told = record()
    twins = whole(tenant(result(existing=[account("a", identity={"token_id": number}) for number in ("1", "2")])))
    for each in (told, twins):
        rows = list(review_rows.rows(each))
        assert len({row["row"] for row in rows}) == len(rows)
