# SPDX-License-Identifier: GPL-3.0-or-later
"""What is accepted: by whom until when, by which key; and what is wrong with waivers themselves."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core import expressions
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import waivers
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import is_open
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import settings
from unit.audit.results import change, result, tenant

TODAY = dt.date(2026, 1, 31)
SECURITY = "security@example.com"


def entry(**values: Any) -> dict[str, Any]:
    """A waiver as a user writes it."""
    given_values = {"rule": "unmanaged", "reason": "a shared account", "approved_by": SECURITY, "expires": "2026-06-30"}
    return {name: value for name, value in {**given_values, **values}.items() if value is not None}


def checked(*entries: dict[str, Any]) -> tuple[waivers.Waiver, ...]:
    return waivers.check(list(entries), TODAY)


def strangers(*keys: str, host: str = "ds", **more: Any) -> dict[str, Any]:
    """A tenant where these exist and nobody declared them."""
    return tenant(result(unmanaged=tuple((key, "undeclared") for key in keys), **more), host=host)


def outcome(
    records: list[dict[str, Any]], *entries: dict[str, Any], today: dt.date = TODAY, partial: bool = False
) -> tuple[list[str], list[tuple[str, str]]]:
    """The keys that are waived, and the findings about the waivers: rule and key."""
    judged, about = waivers.applied(records, checked(*entries), today, partial)
    waived = [item["key"] for record in judged for item in record["findings"] if not is_open(item)]
    return waived, [(item["rule"], item["key"]) for item in about]


def test_a_waived_finding_stays_and_no_longer_counts() -> None:
    (judged,), about = waivers.applied([strangers("zoe")], checked(entry(key="zoe", ticket="SEC-7")), TODAY)
    (item,) = judged["findings"]
    assert item["waiver"] == {
        "approved_by": SECURITY,
        "expires": "2026-06-30",
        "owner": None,
        "reason": "a shared account",
        "ticket": "SEC-7",
    }
    assert judged["counts"] == {"findings": 0, "drift": 0, "unmanaged": 0, "errors": 0, "waived": 1}
    assert (judged["verdict"], about) == ("clean", [])


def test_a_key_is_exact_and_a_pattern_matches_the_whole_key() -> None:
    records = [strangers("svc-a", "svc-b", "not-svc-a")]
    assert outcome(records, entry(key="svc-a"))[0] == ["svc-a"]
    assert outcome(records, entry(key="SVC-A")) == ([], [("waiver_unused", "unmanaged/SVC-A")])
    assert sorted(outcome(records, entry(pattern="SVC-.*"))[0]) == ["svc-a", "svc-b"]


def test_a_tenant_narrows_it() -> None:
    records = [strangers("zoe", host="eu"), strangers("zoe", host="us")]
    assert outcome(records, entry(key="zoe"))[0] == ["zoe", "zoe"]
    assert outcome(records, entry(key="zoe", tenant="us"))[0] == ["zoe"]


def test_drift_that_is_waived_is_still_in_the_plan() -> None:
    record = tenant(result(change("ana", "create")))
    (judged,), _about = waivers.applied([record], checked(entry(rule="drift", key="ana")), TODAY)
    assert judged["verdict"] == "clean"
    assert (judged["plan_sha256"], judged["kinds"]) == (record["plan_sha256"], record["kinds"])


def test_an_expired_one_waives_nothing_and_is_a_finding() -> None:
    last = dt.date(2026, 6, 30)
    assert outcome([strangers("zoe")], entry(key="zoe"), today=last) == (["zoe"], [])
    assert outcome([strangers("zoe")], entry(key="zoe"), today=last + dt.timedelta(days=1)) == (
        [],
        [("waiver_expired", "unmanaged/zoe")],
    )


def test_a_broad_one_waives_nothing_and_is_a_finding() -> None:
    ten = [strangers(*(f"svc-{number}" for number in range(5)), host=host) for host in ("eu", "us")]
    waived, about = outcome(ten, entry(pattern="svc-.*"))
    assert (len(waived), about) == (waivers.MOST_WAIVED, [])
    eleven = [*ten, strangers("svc-more", host="asia")]
    assert outcome(eleven, entry(pattern="svc-.*")) == ([], [("waiver_too_broad", "unmanaged/svc-.*")])


def test_a_critical_finding_needs_its_exact_key() -> None:
    record = strangers("svc-a", "svc-b")
    record["findings"][0]["severity"] = "critical"
    assert outcome([record], entry(pattern="svc-.*"))[0] == ["svc-b"]
    assert outcome([record], entry(key="svc-a"))[0] == ["svc-a"]
    assert outcome([record], entry(pattern="svc-a")) == ([], [("waiver_unused", "unmanaged/svc-a")])


@pytest.mark.parametrize(
    ("records", "chosen", "partial", "unused"),
    [
        ([strangers("zoe")], {}, False, True),
        # What is left out or could not be read may be what it is for.
        ([strangers("zoe")], {}, True, False),
        ([strangers("zoe"), tenant(error="x", host="us")], {}, False, False),
        ([strangers("zoe"), tenant(error="x", host="us")], {"tenant": "us"}, False, False),
        ([strangers("zoe"), tenant(error="x", host="us")], {"tenant": "ds"}, False, True),
        ([strangers("zoe")], {"tenant": "ds"}, True, True),
        ([strangers("zoe")], {"tenant": "typo"}, False, True),
        ([strangers("zoe")], {"tenant": "elsewhere"}, True, False),
    ],
)
def test_one_that_matches_nothing_is_a_finding(
    records: list[dict[str, Any]], chosen: dict[str, str], partial: bool, unused: bool
) -> None:
    _waived, about = outcome(records, entry(key="leo", **chosen), partial=partial)
    assert about == ([("waiver_unused", "unmanaged/leo")] if unused else [])


def test_the_severity_is_the_rules_and_a_rule_can_be_off() -> None:
    given_waivers = checked(entry(key="leo"))
    for setting, severities in (({"severity": "critical"}, ["critical"]), ({}, ["low"]), (False, [])):
        rules = settings({"waiver_unused": setting})
        _judged, about = waivers.applied([strangers()], given_waivers, TODAY, rules=rules)
        assert [item["severity"] for item in about] == severities


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (entry(key="a", expires=None), "expires must be given"),
        (entry(key="a", approved_by=None, reason=" "), "reason and approved_by must be given"),
        (entry(key="a", rule="unmanagd"), "'unmanagd' is no rule; did you mean 'unmanaged'?"),
        (entry(key="a", rule="unreadable"), "what could not be read cannot be waived"),
        (entry(key="a", rule="waiver_expired"), "correct that waiver"),
        (entry(key="a", pattern="a.*"), "give either key or pattern"),
        (entry(), "give either key or pattern"),
        (entry(pattern="("), "pattern: '(' is not a regular expression"),
        (entry(key="a", expires="2027-02-01"), "2027-02-01 is more than a year ahead; 2027-01-31 is the latest day"),
        (entry(key="a", expires="30.06.2026"), "'30.06.2026' is no day such as 2026-12-31"),
        (entry(key="a", expires=20260630), "expires must be a day"),
        (entry(key="a", until="2026-06-30"), "until is no field of a waiver; known are rule, key"),
        (entry(key="a", **{"until:2026-06-30": ""}), "until… is no field of a waiver; known are rule, key"),
        (entry(key=7), "key must be a text"),
    ],
)
def test_what_is_wrong_is_refused_naming_the_entry(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked(entry(key="good"), wrong)
    assert refused.value.message.startswith(f"access_waivers: entry 2 (rule {wrong['rule']}")
    assert message in refused.value.message


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValidationError, match=r"entry 1: it is no mapping of fields; entry 3 \(rule x, key a\)"):
        waivers.check(["a", entry(key="a"), entry(key="a", rule="x")], TODAY)


@pytest.mark.parametrize("wrong", ["unmanaged", {"rule": "unmanaged"}, 3])
def test_what_is_no_list_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError, match="give a list of waivers"):
        waivers.check(wrong, TODAY)


@pytest.mark.parametrize("day", [dt.date(2026, 6, 30), dt.datetime(2026, 6, 30, 1, tzinfo=dt.UTC)])
def test_a_day_as_yaml_reads_it_is_a_day(day: Any) -> None:
    assert checked(entry(key="a", expires=day)) == checked(entry(key="a"))


def test_a_year_from_a_leap_day() -> None:
    waivers.check([entry(key="a", expires="2029-03-01")], dt.date(2028, 2, 29))


def test_a_pattern_that_takes_for_ever_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "SECONDS", 0.2)
    with pytest.raises(AccessError, match="access_waivers: pattern: the expressions took longer"):
        outcome([strangers("a" * 40)], entry(pattern="(a+)+b"))


ENTRIES = st.builds(
    entry,
    rule=st.sampled_from(["drift", "unmanaged"]),
    pattern=st.sampled_from(["a.*", ".*", "zoe", "[ab]-1"]),
    tenant=st.sampled_from([None, "eu", "us", "elsewhere"]),
    expires=st.sampled_from(["2026-01-30", "2026-01-31", "2026-12-31"]),
)
KEYS = st.lists(st.sampled_from(["a-1", "b-1", "zoe", *(f"a-{number}" for number in range(2, 14))]), unique=True)


@given(st.lists(ENTRIES, max_size=4), KEYS, KEYS, st.booleans())
def test_waivers_change_nothing_but_what_is_open(
    entries: list[dict[str, Any]], unknown: list[str], missing: list[str], partial: bool
) -> None:
    records = [
        strangers(*unknown, host="eu"),
        tenant(result(*(change(key, "create") for key in missing)), host="us"),
        tenant(error="x", host="asia"),
    ]
    before = copy.deepcopy(records)
    judged, _about = waivers.applied(records, checked(*entries), TODAY, partial)
    assert records == before
    for now, then in zip(judged, before, strict=True):
        judgement = ("findings", "counts", "verdict")
        assert {name: now[name] for name in now if name not in judgement} == {
            name: then[name] for name in then if name not in judgement
        }
        assert [{**item, "waiver": None} for item in now["findings"]] == then["findings"]
        assert now["counts"]["waived"] + now["counts"]["findings"] == then["counts"]["findings"]
    assert judged[2] == before[2]
    expired = {waiver["expires"] < "2026-01-31" for waiver in entries}
    assert expired != {True} or not any(record["counts"]["waived"] for record in judged)


@given(st.lists(ENTRIES, max_size=4), KEYS)
def test_waivers_for_one_tenant_leave_the_others_alone(entries: list[dict[str, Any]], keys: list[str]) -> None:
    records = [strangers(*keys, host="eu"), strangers(*keys, host="us")]
    judged, _about = waivers.applied(records, checked(*({**each, "tenant": "eu"} for each in entries)), TODAY)
    assert judged[1] == records[1]
