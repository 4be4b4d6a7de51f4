# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that compare with the declaration; drift, unmanaged and unreadable are in test_report.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Leaver
from unit.audit.results import CONTEXT, account, change, found, judged, read, result


def of(rule: str, record: dict[str, Any], context: Any = CONTEXT, **access_rules: Any) -> list[dict[str, Any]]:
    return [item for item in found(record, context, **access_rules) if item["rule"] == rule]


@given(
    changes=st.integers(0, 30),
    existing=st.integers(0, 60),
    declared=st.integers(0, 60),
    percent=st.integers(0, 100),
    minimum=st.integers(1, 30),
)
def test_more_than_a_share_would_change(changes: int, existing: int, declared: int, percent: int, minimum: int) -> None:
    told = result(
        *(change(f"user-{number}", "create") for number in range(changes)),
        existing=[account(f"other-{number}") for number in range(existing)],
    )
    told["summary"]["declared"] = declared
    expected = changes >= minimum and changes * 100 > percent * max(existing, declared)
    thresholds = {"percent": percent, "minimum": minimum}
    assert bool(of("mass_change", read(told), mass_change=thresholds)) is expected
    # What can only be read is changed by nobody.
    assert of("mass_change", read({**told, "remedy": "elsewhere"}), mass_change=thresholds) == []


def leaver(**values: Any) -> Leaver:
    return replace(Leaver("leo", "this person has left", present_on={"ds": ["datasentinel_users"]}), **values)


@pytest.mark.parametrize(
    ("values", "elsewhere", "expected"),
    [
        ({}, True, True),
        ({}, False, True),
        ({"present_on": {"us": ["datasentinel_users"]}}, True, False),
        ({"present_on": {}}, True, False),
        ({"certain": False, "absent_on": ("us",)}, True, True),
        ({"certain": False, "absent_on": ("us",)}, False, False),
        # Of another company of the same tenant, for example.
        ({"certain": False, "absent_on": ("ds",)}, True, False),
        ({"certain": False, "absent_on": ("ds", "us")}, True, True),
        ({"platform": "datasentinel"}, True, True),
        ({"platform": "devo"}, True, False),
    ],
)
def test_a_leaver_who_is_still_declared(values: dict[str, Any], elsewhere: bool, expected: bool) -> None:
    context = replace(CONTEXT, leavers=(leaver(**values),))
    items = of("declared_stale", read(result()), context, declared_stale={"elsewhere": elsewhere})
    assert [(item["kind"], item["key"], item["people"]) for item in items] == (
        [("person", "leo", ["leo"])] if expected else []
    )
    assert all("datasentinel_users of ds" in item["remedy"] for item in items)


def test_a_remedy_is_yaml_to_declare() -> None:
    context = replace(CONTEXT, variables={"user": "datasentinel_users"})
    record = read(result(unmanaged=(("zoe: #1", "undeclared"),), existing=[account("zoe: #1")]))
    (item,) = found(record, context)
    assert "To keep it: datasentinel_users: [{email: 'zoe: #1'}]." in item["remedy"]
    assert "To remove it: datasentinel_users: [{email: 'zoe: #1', state: absent}]" in item["remedy"]
    assert item["people"] == ["zoe: #1"]
    # Where nothing exists to name, or nothing is declared one by one, there are words alone.
    assert "datasentinel_users" not in found(read(result(unmanaged=(("zoe", "undeclared"),))), context)[0]["remedy"]
    assert "datasentinel_users" not in found(record)[0]["remedy"]


def test_what_a_declared_person_has_beyond_the_profiles_is_told() -> None:
    both = (("ann", "undeclared"), ("zoe", "undeclared"))
    record = read(result(unmanaged=both, existing=[account("ann", declared=None), account("zoe", declared=None)]))
    told = {item["key"]: item["message"] for item in found(record, replace(CONTEXT, people=frozenset({"ann"})))}
    assert told == {
        "ann": "it exists and is not declared; no profile grants it to ann, of access_people",
        "zoe": "it exists and is not declared",
    }


@pytest.mark.parametrize(("ignore", "expected"), [([], ["robot", "zoe"]), (["protected"], ["zoe"])])
def test_reasons_of_unmanaged_objects_can_be_ignored(ignore: list[str], expected: list[str]) -> None:
    record = read(result(unmanaged=(("robot", "protected"), ("zoe", "undeclared"))))
    assert sorted(item["key"] for item in found(record, unmanaged={"ignore": ignore})) == expected


@pytest.mark.parametrize("why", ["the account in use", "built-in", "the domain's owner"])
def test_of_what_is_protected_it_is_said_why_and_never_how_to_remove_it(why: str) -> None:
    known = replace(CONTEXT, variables={"user": "datasentinel_users"})
    record = read(
        result(unmanaged=(("robot", "protected"),), existing=[account("robot", declared=None, protected=why)])
    )
    (item,) = found(record, known)
    assert item["message"] == f"it exists, is not declared, and is never removed: it is {why}"
    assert "datasentinel_users: [{email: robot}]" in item["remedy"]
    assert "absent" not in item["remedy"]


def test_what_is_in_use_is_removed_once_it_is_not() -> None:
    known = replace(CONTEXT, variables={"user": "datasentinel_users"})
    record = read(result(unmanaged=(("g", "in_use"),), existing=[account("g", declared=None)]))
    (item,) = found(record, known)
    assert "To remove it, once nobody uses it: datasentinel_users: [{email: g, state: absent}]" in item["remedy"]


def test_drift_says_whose_it_is() -> None:
    record = judged(read(result(change("k", "delete"), existing=[account("k", people=["ana", "bo"])])))
    assert record["findings"][0]["people"] == ["ana", "bo"]
