# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of rules: how it is set, and how what rules find becomes findings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import SEVERITIES, UNREADABLE
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import RULES, settings
from unit.audit.results import account, found, read, result

OFF = {rule.id: False for rule in RULES if rule.can_be_off}


def refusal(access_rules: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        settings(access_rules)
    return refused.value.message


def test_ids_are_words_and_every_row_stands_once() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in ids)
    assert {rule.severity for rule in RULES} <= set(SEVERITIES)


def test_defaults_are_what_their_own_checks_take() -> None:
    for rule in RULES:
        for threshold in rule.thresholds:
            assert threshold.name != "severity"
            if threshold.default is not None:
                assert threshold.parse(threshold.default) == threshold.default, (rule.id, threshold.name)


def test_without_settings_every_rule_is_in_force() -> None:
    assert settings() == settings(None) == settings({})
    assert None not in settings().values()
    assert settings()["token_expiring"] == {"severity": "medium", "days": 14}


def test_what_is_set_replaces_the_defaults_of_that_rule_alone() -> None:
    chosen = settings({"token_old": {"days": "30"}, "drift": False, "group_unused": {"severity": "high"}})
    assert chosen["token_old"] == {"severity": "medium", "days": 30}
    assert chosen["drift"] is None
    assert chosen["group_unused"] == {"severity": "high"}
    assert {**chosen, "token_old": 0, "drift": 0, "group_unused": 0} == {
        **settings(),
        "token_old": 0,
        "drift": 0,
        "group_unused": 0,
    }


@pytest.mark.parametrize(
    ("access_rules", "message"),
    [
        ({"token_odl": False}, "there is no rule 'token_odl'; did you mean 'token_old'?"),
        ({"xyz": False}, "there is no rule 'xyz'; known are account_disabled, "),
        ({7: False}, "there is no rule '7'"),
        ({"token_old": {"day": 3}}, "access_rules.token_old: there is no threshold 'day'; did you mean 'days'?"),
        ({"drift": {"days": 3}}, "access_rules.drift: there is no threshold 'days'; known are severity"),
        ({"token_old": {"days": "soon"}}, "access_rules.token_old.days has to be a whole number of at least 0, and is"),
        ({"token_old": {"days": True}}, "has to be a whole number of at least 0, and is True"),
        ({"token_old": {"days": -1}}, "has to be a whole number of at least 0, and is -1"),
        ({"token_old": {"days": 1.5}}, "has to be a whole number of at least 0, and is 1.5"),
        ({"token_old": {"days": None}}, "has to be a whole number of at least 0, and is None"),
        ({"mass_change": {"percent": 101}}, "has to be a whole number from 0 to 100, and is 101"),
        ({"token_old": {"severity": "hihg"}}, "access_rules.token_old.severity: 'hihg' is none of critical, high"),
        ({"token_old": {"severity": ["high"]}}, "is none of critical, high"),
        ({"token_old": True}, "access_rules.token_old: give false to switch it off, or a mapping"),
        ({"token_old": None}, "give false to switch it off, or a mapping"),
        ({"token_old": 30}, "give false to switch it off, or a mapping"),
        ({UNREADABLE: False}, "access_rules.unreadable: this rule cannot be switched off"),
        ({"email_domain": {"allowed": "example.com"}}, "access_rules.email_domain.allowed has to be a list of texts"),
        ({"email_domain": {"allowed": [" "]}}, "has to be a list of texts"),
        ({"unmanaged": {"ignore": ["robots"]}}, "has to be a list out of excluded, in_use, "),
        ({"declared_stale": {"elsewhere": "perhaps"}}, "has to be true or false, and is 'perhaps'"),
        ({"separation_of_duties": {"pairs": [["a"]]}}, "has to be a list of pairs"),
        ({"separation_of_duties": {"pairs": [["a", "A"]]}}, "each a list of two different texts"),
        ({"separation_of_duties": {"pairs": "ab"}}, "has to be a list of pairs"),
        (["token_old"], "access_rules must be a mapping"),
        ("token_old", "access_rules must be a mapping"),
    ],
)
def test_what_is_wrong_is_refused_with_what_was_perhaps_meant(access_rules: Any, message: str) -> None:
    assert message in refusal(access_rules)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([rule.id for rule in RULES])
THRESHOLDS = st.sampled_from(sorted({each.name for rule in RULES for each in rule.thresholds} | {"severity"}))


SETTINGS = st.dictionaries(NAMES, st.just(False) | JUNK | st.dictionaries(THRESHOLDS, JUNK, max_size=2), max_size=4)


@given(SETTINGS | JUNK)
def test_anything_is_settings_or_refused_by_name(access_rules: Any) -> None:
    try:
        chosen = settings(access_rules)
    except ValidationError:
        assert "access_rules" in refusal(access_rules)
        return
    assert list(chosen) == [rule.id for rule in RULES]
    # What the report shows can be set again.
    assert settings({name: False if each is None else each for name, each in chosen.items()}) == chosen


def test_a_rule_that_is_off_finds_nothing() -> None:
    record = read(result(existing=[account("zoe", administrator=True, declared=None)]))
    assert [item["rule"] for item in found(record)] == ["administrator_unapproved"]
    assert found(record, administrator_unapproved=False) == []


def test_only_what_could_not_be_read_is_left_when_all_is_off() -> None:
    record = read(result(complete=False, existing=[account("zoe", administrator=True, declared=None)]))
    assert [item["rule"] for item in found(record, **OFF)] == [UNREADABLE]


@pytest.mark.parametrize(
    ("severity", "worse", "milder"),
    [
        ("critical", "critical", "high"),
        ("high", "critical", "medium"),
        ("medium", "high", "low"),
        ("low", "medium", "low"),
    ],
)
def test_a_case_is_worse_or_milder_by_a_step(severity: str, worse: str, milder: str) -> None:
    record = read(result({"key": "leo", "action": "delete", "status": "planned", "fields": {}, "error": None}))
    assert [item["severity"] for item in found(record, drift={"severity": severity})] == [worse]
    record = read(result(unmanaged=(("sso", "excluded"),)))
    assert [item["severity"] for item in found(record, unmanaged={"severity": severity})] == [milder]


def test_two_objects_of_one_name_are_one_finding_the_worse_one() -> None:
    excluded, undeclared = ("zoe", "excluded"), ("zoe", "undeclared")
    for order in ((excluded, undeclared), (undeclared, excluded)):
        items = found(read(result(unmanaged=order)))
        assert [(item["key"], item["severity"]) for item in items] == [("zoe", "medium")]


def test_findings_are_sorted_worst_first_and_have_ids_of_their_own() -> None:
    people = [account(f"user-{number}", administrator=True, declared=None, unrestricted=True) for number in range(5)]
    items = found(read(result(existing=people, unmanaged=tuple((item["key"], "undeclared") for item in people))))
    places = [SEVERITIES.index(item["severity"]) for item in items]
    assert places == sorted(places)
    assert len({item["id"] for item in items}) == len(items) == 15
