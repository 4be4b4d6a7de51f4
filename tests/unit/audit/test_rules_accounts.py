# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about people's accounts: each fires at its threshold, and not before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Leaver
from ansible_collections.dataops.access.plugins.plugin_utils.audit.lookalikes import skeleton
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules_accounts import holdings
from unit.audit.results import CONTEXT, account, found, judged, read, result

LEO = Leaver("leo", "this person was offboarded")
MOVED = Leaver("leo", "this person is declared absent on us", None, False, ("us",), {"ds": ["datasentinel_users"]})
ENTRY = {"user": "datasentinel_users"}


def of(rule: str, *existing: dict[str, Any], context: Any = CONTEXT, **thresholds: Any) -> list[dict[str, Any]]:
    """What one rule finds."""
    items = found(read(result(existing=list(existing))), context, **({rule: thresholds} if thresholds else {}))
    return [item for item in items if item["rule"] == rule]


def keys(items: list[dict[str, Any]]) -> list[str]:
    return [item["key"] for item in items]


# --- leavers ----------------------------------------------------------------------------------------------------


def left(*leavers: Leaver) -> Any:
    return replace(CONTEXT, leavers=leavers, variables=ENTRY)


def test_an_account_of_somebody_who_has_left() -> None:
    (item,) = of("leaver_active", account("ana"), account("leo"), context=left(LEO))
    assert (item["key"], item["severity"], item["people"]) == ("leo", "high", ["leo"])
    assert item["message"] == "this person was offboarded, and the account is enabled"
    assert "datasentinel_users: [{email: leo, state: absent}]" in item["remedy"]


def test_an_administrator_who_has_left_is_critical() -> None:
    items = of("leaver_active", account("leo", administrator=True), context=left(LEO))
    assert [item["severity"] for item in items] == ["critical"]


@pytest.mark.parametrize(
    "values",
    [
        {"enabled": False},
        {"nature": "license", "expires": "2026-01-31T05:59:59Z"},
        {"nature": "token"},
        {"people": ["leonard"]},
    ],
)
def test_what_gives_a_leaver_nothing_is_no_finding(values: dict[str, Any]) -> None:
    assert of("leaver_active", account("leo", **values), context=left(LEO)) == []


@pytest.mark.parametrize("enabled", [True, None])
def test_a_licence_is_an_account_too_and_what_is_not_told_is_enabled(enabled: bool | None) -> None:
    licence = account("Acme/leo", nature="license", people=["leo"], enabled=enabled)
    assert keys(of("leaver_active", licence, context=left(LEO))) == ["Acme/leo"]


def test_a_leaver_in_a_group_is_a_member_there() -> None:
    (item,) = of("leaver_active", account("Finance", nature="group", people=["ana", "leo"]), context=left(LEO))
    assert (item["kind"], item["key"]) == ("member", "Finance/leo")


def test_who_only_moved_may_be_where_they_are_declared() -> None:
    assert of("leaver_active", account("leo"), context=left(MOVED)) == []
    elsewhere = replace(MOVED, present_on={"eu": ["datasentinel_users"]})
    assert keys(of("leaver_active", account("leo"), context=left(elsewhere))) == ["leo"]
    # Somebody said it of the person: no declaration makes that good.
    certain = replace(MOVED, certain=True)
    assert keys(of("leaver_active", account("leo"), context=left(certain))) == ["leo"]


def test_a_name_of_one_platform_is_a_name_there() -> None:
    for platform, expected in (("datasentinel", ["leo"]), ("devo", [])):
        assert keys(of("leaver_active", account("leo"), context=left(replace(LEO, platform=platform)))) == expected


# --- disabled accounts ------------------------------------------------------------------------------------------


@given(age=st.integers(0, 400), days=st.integers(0, 400))
def test_disabled_and_not_removed_after_days(age: int, days: int) -> None:
    since = (CONTEXT.today - dt.timedelta(days=age)).isoformat()
    context = replace(CONTEXT, disabled={"ds": {"user/bo": since}})
    items = of("account_disabled", account("bo", enabled=False), account("ana"), context=context, days=days)
    assert keys(items) == (["bo"] if age >= days else [])


def test_the_first_report_that_shows_it_disabled_begins_to_count() -> None:
    record = judged(read(result(existing=[account("bo", enabled=False), account("ana"), account("cy", enabled=None)])))
    told = {item["key"]: item["disabled_since"] for item in record["kinds"][0]["existing"]}
    assert told == {"ana": None, "bo": "2026-01-31", "cy": None}
    assert of("account_disabled", account("bo", enabled=False)) == []
    # What other tenants or kinds know is nothing of this one.
    context = replace(CONTEXT, disabled={"us": {"user/bo": "2020-01-01"}, "ds": {"token/bo": "2020-01-01"}})
    assert of("account_disabled", account("bo", enabled=False), context=context) == []


# --- what one person may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["gus"]),
        ({"unrestricted": False}, []),
        ({"protected": "the account in use"}, []),
        ({"enabled": False}, []),
        ({"people": ["OLGA".lower()]}, []),
    ],
)
def test_a_user_without_any_role(values: dict[str, Any], expected: list[str]) -> None:
    gus = account("gus", **{"unrestricted": True, **values})
    assert keys(of("user_unrestricted", gus, approved=["Olga"])) == expected


@pytest.mark.parametrize(
    ("declared", "approved", "expected"),
    [
        (None, None, True),
        ("absent", None, True),
        ("present", None, False),
        ("present", ["ana"], True),
        ("present", ["Leo"], False),
        (None, ["leo"], False),
        ("present", [], True),
    ],
)
def test_an_administrator_is_declared_or_in_the_list(
    declared: str | None, approved: list[str] | None, expected: bool
) -> None:
    leo = account("leo", administrator=True, declared=declared)
    assert bool(of("administrator_unapproved", leo, approved=approved)) is expected


@pytest.mark.parametrize("values", [{"protected": "built-in"}, {"enabled": False}, {"administrator": False}])
def test_who_is_no_administrator_to_approve(values: dict[str, Any]) -> None:
    leo = account("leo", **{"administrator": True, "declared": None, **values})
    assert of("administrator_unapproved", leo, approved=[]) == []


@given(number=st.integers(0, 12), maximum=st.integers(0, 12))
def test_more_administrators_than_allowed(number: int, maximum: int) -> None:
    people = [account(f"a{place}", administrator=True) for place in range(number)]
    others = [account("b"), account("c", administrator=True, enabled=False)]
    items = of("administrators_too_many", *people, *others, maximum=maximum)
    assert keys(items) == (["*"] if number > maximum else [])
    if items:
        assert items[0]["people"] == sorted(item["key"] for item in people)


PAIRS = [["role billing", "Role Payments"], ["role a", "role b"]]


def test_two_rights_that_exclude_each_other() -> None:
    both = account("ana", entitlements=["role payments", "role billing"])
    (item,) = of("separation_of_duties", both, account("bo"), pairs=PAIRS)
    assert (item["kind"], item["key"]) == ("person", "ana: role billing + role payments")


def test_they_may_be_in_an_account_and_a_token() -> None:
    key = account("k", nature="token", people=["bo"], entitlements=["role payments"])
    assert keys(of("separation_of_duties", account("bo"), key, pairs=PAIRS)) == ["bo: role billing + role payments"]
    assert of("separation_of_duties", account("bo"), {**key, "enabled": False}, pairs=PAIRS) == []
    assert of("separation_of_duties", account("bo"), {**key, "people": ["ana"]}, pairs=PAIRS) == []


def test_they_may_be_on_two_tenants_of_one_platform() -> None:
    here = read(result(existing=[account("ana")]))
    there = read(result(existing=[account("ana", entitlements=["role payments"]), account("bo")]), host="us")
    foreign = {**there, "platform": "devo", "tenant": "devo"}
    for others, told in (((there,), True), ((foreign,), False), ((), False)):
        held = holdings([here, *others], {"pairs": [["role billing", "role payments"]]}, CONTEXT.now)
        context = replace(CONTEXT, held=held["datasentinel"])
        items = [
            item for item in found(here, context, separation_of_duties={"pairs": PAIRS}) if "person" in item["kind"]
        ]
        assert [item["message"] for item in items] == (
            ["holds 'role billing' and 'role payments', one of them here and the other on us, and nobody may hold both"]
            if told
            else []
        )


def test_without_pairs_nobody_holds_anything() -> None:
    assert holdings([read(result(existing=[account("ana")]))], {"pairs": []}, CONTEXT.now) == {}
    assert holdings([read(result(existing=[account("ana")]))], None, CONTEXT.now) == {}


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@example.com", "Ann@example.com"),
        ("ann@example.com", "\u0430nn@example.com"),
        ("ann@example.com", "\uff41nn@example.com"),
        ("ann@example.com", "an\u200bn@example.com"),
        ("kate@example.com", "\u212aate@example.com"),
        ("jose@example.com", "jos\u00e9@example.com"),
        ("paypal", "\u0440\u0430\u0443\u0440\u0430l"),
    ],
)
def test_names_that_look_alike(one: str, other: str) -> None:
    (item,) = of("account_duplicate", account(one), account(other), account("bo"))
    assert item["people"] == sorted({one, other})


def test_one_key_twice_is_a_duplicate_too() -> None:
    (item,) = of("account_duplicate", account("ann"), account("ann"))
    assert item["key"] == "ann"
    assert "ann (2 times)" in item["message"]


def test_one_user_of_two_companies_is_none() -> None:
    licences = [account(f"{company}/ann", nature="license", people=["ann"]) for company in ("Acme", "Globex")]
    assert of("account_duplicate", *licences) == []


@given(st.lists(st.emails(), min_size=2, max_size=6, unique_by=skeleton))
def test_different_names_are_no_duplicates(names: list[str]) -> None:
    assert of("account_duplicate", *map(account, names)) == []


@given(st.emails())
def test_a_name_looks_like_itself_in_any_case(name: str) -> None:
    assert skeleton(name) == skeleton(name.lower()) == skeleton(name.upper())


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("ann@example.com", False),
        ("ann@sub.example.com", True),
        ("ann@sub.example.org", False),
        ("ann@deep.sub.example.org", False),
        ("ann@example.org", True),
        ("ann@evil-example.org", True),
        ("ann@example.com.evil.net", True),
        ("ann@example.net@example.com", False),
        ("service-sync", False),
    ],
)
def test_an_email_of_no_allowed_domain(person: str, expected: bool) -> None:
    user = account("k", people=[person])
    assert bool(of("email_domain", user, allowed=["Example.com", "*.example.org"])) is expected
    assert of("email_domain", user) == []
    assert of("email_domain", {**user, "protected": "built-in"}, allowed=["example.invalid"]) == []
