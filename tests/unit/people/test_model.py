# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared people: what is read of them, and what is said of mistakes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.people import model

PROFILES = {"finance": {"datasentinel": {"privilege": "read", "profile": "developer", "roles": ["billing"]}}}
ANN = {"email": "Ann@Example.com", "name": "Ann", "profiles": ["finance"]}


def wrong(people: Any, profiles: Any = None) -> list[str]:
    with pytest.raises(model.PeopleError) as raised:
        model.read(people, PROFILES if profiles is None else profiles)
    return [problem.text for problem in raised.value.problems]


def test_a_person_has_what_their_profiles_and_they_themselves_are_granted() -> None:
    own = {"platform": "dbsync", "company": "Acme", "tenant": "dbsync-partner", "until": "2026-03-31"}
    person = model.read([{**ANN, "access": [own], "start_date": dt.date(2026, 1, 1)}], PROFILES).people[0]
    assert person.email == "ann@example.com"
    assert person.start == dt.date(2026, 1, 1)
    of_profile, of_person = person.grants
    assert (of_profile.kind, of_profile.source, of_profile.tenants) == ("datasentinel", "profile finance", ())
    assert (of_person.kind, of_person.tenants, of_person.until) == (
        "dbsync",
        ("dbsync-partner",),
        dt.date(2026, 3, 31),
    )
    assert dict(of_person.options) == {"company": "Acme"}


def test_a_person_is_known_in_any_case_and_not_by_a_look_alike() -> None:
    people = model.read([{"email": "Kate@example.com"}, {"email": "\u212aate@example.com"}], PROFILES)
    kate, other = people.people
    assert people.person(" KATE@example.com ") is kate
    assert people.person("\u212aATE@example.com") is other


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("ann@example.com", "entry 1 is no mapping"),
        ({"name": "Ann"}, "entry 1 (Ann) has no email"),
        ({"email": "ann"}, "'ann' is no e-mail address"),
        ({**ANN, "profiles": ["finanze"]}, "no profile 'finanze' in access_profiles; did you mean 'finance'?"),
        ({**ANN, "profiles": "finance"}, "profiles must be a list of names"),
        ({**ANN, "profile": ["finance"]}, "'profile' is nothing that a person has; did you mean 'profiles'?"),
        ({**ANN, "profiles:finance": None}, "'profiles…' is nothing that a person has; did you mean 'profiles'?"),
        ({**ANN, "end_date": "soon"}, "end_date is 'soon', and has to be a date such as 2026-01-31"),
        ({**ANN, "start_date": "2026-02-01", "end_date": "2026-01-31"}, "is before start_date 2026-02-01"),
        ({**ANN, "state": "gone"}, "state is 'gone', and has to be present or absent"),
        ({**ANN, "accounts": {"devoo": "ann"}}, "'devoo' is none of"),
        ({**ANN, "accounts": {"devo:ann": None}}, "'devo…' is none of"),
        ({**ANN, "accounts": ["ann"]}, "accounts must be a mapping"),
        ({**ANN, "access": {"platform": "devo_users"}}, "access must be a list"),
        ({**ANN, "access": [{"company": "Acme"}]}, "access, entry 1: it is no mapping with a platform"),
        ({**ANN, "access": [{"platform": "dbsynk", "company": "A"}]}, "did you mean 'dbsync'?"),
        ({**ANN, "access": [{"platform": "dbsync", "company": "A", "until": "x"}]}, "until is 'x'"),
        ({**ANN, "access": [{"platform": "dbsync"}]}, "company is missing"),
        ({**ANN, "access": [{"platform": "dqm"}]}, "clients is missing"),
        ({**ANN, "access": [{"platform": "dbsync", "company": "A", "username": "b"}]}, "username follows from"),
        ({**ANN, "access": [{"platform": "datasentinel", "password": "x"}]}, "use password_file with {email} in it"),
        ({**ANN, "access": [{"platform": "devo_users", "role": ["a"]}]}, "did you mean 'roles'?"),
        ({**ANN, "access": [{"platform": "datasentinel", "password:x": None}]}, "'password…' is no option of it"),
        ({**ANN, "access": [{"platform": "devo_users", "roles": "a"}]}, "roles must be a list"),
        (
            {**ANN, "access": [{"platform": "devo_users", "roles": [], "tenant": 7}]},
            "tenant must be the name of a host",
        ),
    ],
)
def test_a_mistake_is_told_with_the_entry(person: Any, said: str) -> None:
    (text,) = wrong([person])
    assert "entry 1" in text
    assert said in text


@pytest.mark.parametrize(
    ("profiles", "said"),
    [
        (["finance"], "access_profiles must be a mapping"),
        ({"finance": ["datasentinel"]}, "access_profiles: finance must be a mapping"),
        ({"finance": {}}, "access_profiles: finance grants nothing"),
        ({"finance": {"datasentinel": []}}, "access_profiles: finance grants nothing"),
        ({"finance": {"devo": {"roles": []}}}, "access_profiles: finance: 'devo' is no platform"),
        ({"finance": {"devo_users:analyst": None}}, "access_profiles: finance: 'devo_users…' is no platform"),
        ({"finance": {"devo_users": ["analyst"]}}, "an entitlement is a mapping of options"),
    ],
)
def test_a_mistake_in_a_profile_is_told_though_nobody_has_it(profiles: Any, said: str) -> None:
    (text,) = wrong([], profiles)
    assert said in text


@pytest.mark.parametrize(
    "second",
    [
        {"email": "ANN@example.com"},
        {"email": "bob@example.com", "accounts": {"dbsync": "ann@example.com"}},
        {"email": "bob@example.com", "accounts": {"devo": "A.N@example.com"}},
    ],
)
def test_two_people_are_never_one(second: dict[str, Any]) -> None:
    first = {"email": "ann@example.com", "accounts": {"dbsync": "ANN01", "devo": "a.n@example.com"}}
    (text,) = wrong([first, second], {})
    assert "entry 2" in text
    assert "as is entry 1 (ann@example.com)" in text


def test_every_mistake_is_told_at_once() -> None:
    assert len(wrong([{"name": "Ann"}, {**ANN, "state": "x"}, {**ANN, "profiles": ["y"]}])) == 3


@pytest.mark.parametrize(
    ("day", "retention", "phase"),
    [
        ("2025-12-31", 0, model.FUTURE),
        ("2026-01-01", 0, model.ACTIVE),
        ("2026-01-31", 0, model.ACTIVE),
        ("2026-02-01", 0, model.GONE),
        ("2026-02-01", 2, model.DISABLED),
        ("2026-02-02", 2, model.DISABLED),
        ("2026-02-03", 2, model.GONE),
    ],
)
def test_the_last_day_is_a_day_with_access(day: str, retention: int, phase: str) -> None:
    person = model.read([{**ANN, "start_date": "2026-01-01", "end_date": "2026-01-31"}], PROFILES).people[0]
    assert person.phase(dt.date.fromisoformat(day), retention) == phase


def test_who_is_absent_is_gone_whatever_the_dates() -> None:
    person = model.read([{**ANN, "state": "absent", "end_date": "2030-01-31"}], PROFILES).people[0]
    assert person.phase(dt.date(2026, 1, 1), 30) == model.GONE
