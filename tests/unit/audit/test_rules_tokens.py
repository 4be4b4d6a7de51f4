# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about tokens, licences and groups: each fires at its threshold, and not before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Leaver
from unit.audit.results import CONTEXT, account, found, read, result

SECONDS = st.integers(-400 * 86400, 400 * 86400)
LEO = Leaver("leo", "this person was offboarded")


def token(**values: Any) -> dict[str, Any]:
    return {**account("t", nature="token", people=["leo"]), **values}


def licence(key: str = "Acme/ann", **values: Any) -> dict[str, Any]:
    return account(key, **{"nature": "license", "people": ["ann"], **values})


def group(users: int | None, workflows: int | None) -> dict[str, Any]:
    return account("Finance", nature="group", people=[], enabled=None, users=users, workflows=workflows)


def of(rule: str, *existing: dict[str, Any], context: Any = CONTEXT, **thresholds: Any) -> list[dict[str, Any]]:
    """What one rule finds."""
    items = found(read(result(existing=list(existing))), context, **({rule: thresholds} if thresholds else {}))
    return [item for item in items if item["rule"] == rule]


def at(seconds: int) -> str:
    return (CONTEXT.now + dt.timedelta(seconds=seconds)).isoformat()


# --- tokens -----------------------------------------------------------------------------------------------------


@given(seconds=SECONDS, days=st.integers(0, 400))
def test_expiring_within_days(seconds: int, days: int) -> None:
    items = of("token_expiring", token(expires=at(seconds)), days=days)
    assert bool(items) is (seconds <= days * 86400)
    # What has expired stops nothing any more.
    assert [item["severity"] for item in items] == (["medium" if seconds > 0 else "low"] if items else [])


def test_it_says_how_long_it_lasts() -> None:
    assert of("token_expiring", token(expires=at(3 * 86400)))[0]["message"] == "it expires on 2026-02-03, in 3 days"
    assert of("token_expiring", token(expires=at(86399)))[0]["message"] == "it expires on 2026-02-01, in 0 days"
    assert of("token_expiring", token(expires=at(-1)))[0]["message"] == "it expired on 2026-01-31"


@pytest.mark.parametrize("values", [{"expires": None}, {"expires": "soon"}, {"expires": at(5), "enabled": False}])
def test_nobody_waits_for_these_to_expire(values: dict[str, Any]) -> None:
    assert of("token_expiring", token(**values)) == []


@pytest.mark.parametrize(("permanent", "expected"), [(True, True), (False, False), (None, False)])
def test_a_token_that_never_expires(permanent: bool | None, expected: bool) -> None:
    assert bool(of("token_permanent", token(permanent=permanent))) is expected
    assert of("token_permanent", token(permanent=permanent, enabled=False)) == []


@given(seconds=SECONDS, days=st.integers(0, 400))
def test_older_than_days(seconds: int, days: int) -> None:
    assert bool(of("token_old", token(created=at(-seconds)), days=days)) is (seconds > days * 86400)
    assert of("token_old", token(created=at(-seconds), expires=at(0)), days=days) == []


def test_the_default_ages_are_those_of_the_table() -> None:
    assert of("token_old", token(created=at(-90 * 86400))) == []
    assert len(of("token_old", token(created=at(-90 * 86400 - 1)))) == 1
    assert len(of("token_expiring", token(expires=at(14 * 86400)))) == 1
    assert of("token_expiring", token(expires=at(14 * 86400 + 1))) == []


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ({"wide": ["scope table://*.**"]}, "medium"),
        ({"administrator": True}, "medium"),
        ({"wide": ["scope level://admin"], "declared": None}, "high"),
        ({"wide": ["scope level://admin"], "declared": "absent"}, "high"),
        ({}, None),
        ({"administrator": True, "protected": "the token in use"}, None),
        ({"administrator": True, "enabled": False}, None),
        ({"administrator": True, "key": "Robot"}, None),
    ],
)
def test_a_token_that_allows_too_much(values: dict[str, Any], severity: str | None) -> None:
    items = of("token_wide", token(**values), approved=["robot"])
    assert [item["severity"] for item in items] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ({}, "high"),
        ({"wide": ["scope table://*.**"]}, "critical"),
        ({"administrator": True}, "critical"),
        ({"enabled": False}, None),
        ({"people": ["ann"]}, None),
        ({"expires": at(-1)}, None),
    ],
)
def test_a_token_of_somebody_who_has_left(values: dict[str, Any], severity: str | None) -> None:
    context = replace(CONTEXT, leavers=(LEO,), variables={"user": "devo_tokens"})
    items = of("token_of_leaver", token(**values), context=context)
    assert [item["severity"] for item in items] == ([severity] if severity else [])
    moved = replace(LEO, certain=False, present_on={"ds": ["devo_users"]})
    assert of("token_of_leaver", token(**values), context=replace(context, leavers=(moved,))) == []


# --- licences ---------------------------------------------------------------------------------------------------


@given(used=st.integers(0, 20), quota=st.integers(0, 20), minimum=st.integers(0, 20))
def test_few_licences_are_left(used: int, quota: int, minimum: int) -> None:
    licences = [licence(f"Acme/{number}") for number in range(used)]
    ended = [licence("Acme/x", enabled=False), licence("Acme/y", expires=at(-1))]
    context = replace(CONTEXT, licence_quota=quota)
    items = of("licence_headroom", *licences, *ended, context=context, minimum=minimum)
    assert [item["key"] for item in items] == (["*"] if quota - used < minimum else [])
    if items:
        assert (f"at most {quota - used}" in items[0]["message"]) is (quota >= used)


def test_without_a_quota_nothing_is_known_of_what_is_left() -> None:
    assert of("licence_headroom", *(licence(str(number)) for number in range(50)), minimum=9_999) == []


@pytest.mark.parametrize(
    ("values", "status", "severity"),
    [
        ({"enabled": False}, "forbidden", "medium"),
        ({"enabled": True, "expires": at(-1)}, "forbidden", "medium"),
        ({"enabled": None, "expires": at(-1)}, "forbidden", "medium"),
        ({"enabled": None}, "unknown", "low"),
        ({"enabled": None, "expires": at(1)}, None, None),
        ({"enabled": True}, None, None),
        ({"enabled": True, "expires": at(1)}, None, None),
    ],
)
def test_a_licence_is_over_or_nobody_knows(values: dict[str, Any], status: str | None, severity: str | None) -> None:
    items = of("licence_inactive", licence(**values))
    assert [(item["status"], item["severity"]) for item in items] == ([(status, severity)] if status else [])


def test_what_is_not_told_of_many_licences_is_told_once() -> None:
    (item,) = of("licence_inactive", *(licence(f"Acme/{number}", enabled=None) for number in range(5)))
    assert item["message"].endswith("Acme/0, Acme/1, Acme/2 and 2 more")


# --- groups -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("users", "workflows", "rule"),
    [
        (0, 0, "group_unused"),
        (0, None, "group_unused"),
        (0, 1, "group_abandoned"),
        (1, 0, None),
        (1, 5, None),
        (None, None, None),
        (None, 3, None),
    ],
)
def test_groups_that_nobody_is_in(users: int | None, workflows: int | None, rule: str | None) -> None:
    items = found(read(result(existing=[group(users, workflows)])))
    assert [item["rule"] for item in items] == ([rule] if rule else [])
