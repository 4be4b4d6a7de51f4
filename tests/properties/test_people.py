# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are granted: nothing that nobody granted, in whatever order it was written down."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model

DAY = dt.date(2026, 2, 15)
HERE = "one"
# Cases of the properties, and ten times as many with --long; of those that expand twice, fewer.
CASES, OF_TWO = 1_000, 400
PERSONS = ("ann@example.com", "bob@example.com", "cyd@example.com")
# Each grant as (what it is, what it is made of): whatever a person gets is one of the latter.
ROLES = st.lists(st.sampled_from(["analyst", "billing", "reviewer"]), min_size=1, max_size=3)
OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "dbsync": st.fixed_dictionaries({"company": st.sampled_from(["Acme", "Globex"])}),
    "alteryx": st.fixed_dictionaries({"name": st.sampled_from(["Finance", "finance", "Ops"])}),
    "datasentinel": st.fixed_dictionaries({"privilege": st.sampled_from(["read", "admin"]), "roles": ROLES}),
    "devo_users": st.fixed_dictionaries({"roles": ROLES}, optional={"enabled": st.just(True)}),
    "devo_tokens": st.fixed_dictionaries({"name": st.just("of-{email}"), "audience": ROLES}),
    "dqm": st.fixed_dictionaries({"clients": ROLES}),
}
TENANTS = st.sampled_from([None, HERE, "two", [HERE, "two"]])
DATES = st.sampled_from([None, DAY - dt.timedelta(1), DAY, DAY + dt.timedelta(1)])


@st.composite
def entitlements(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    tenant = draw(TENANTS)
    return {**draw(OPTIONS[kind]), **({"tenant": tenant} if tenant else {})}


@st.composite
def declarations(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """A kind, people, and profiles that grant that kind."""
    kind = draw(st.sampled_from(sorted(OPTIONS)))
    profiles = {
        name: {kind: draw(st.lists(entitlements(kind), min_size=1, max_size=2))}
        for name in draw(st.lists(st.sampled_from(["p", "q", "r"]), unique=True))
    }
    people = []
    for email in draw(st.lists(st.sampled_from(PERSONS), unique=True)):
        own = draw(st.lists(st.tuples(entitlements(kind), DATES), max_size=2))
        people.append(
            {
                "email": email,
                "state": draw(st.sampled_from(["present"] * 4 + ["absent"])),
                "start_date": draw(DATES),
                "profiles": draw(st.lists(st.sampled_from(sorted(profiles)), unique=True)) if profiles else [],
                "access": [{**entitlement, "platform": kind, "until": until} for entitlement, until in own],
            }
        )
    return kind, people, profiles


def expand(kind: str, people: list[dict[str, Any]], profiles: Mapping[str, Any]) -> list[dict[str, Any]] | str:
    """The entries; the message where something contradicts."""
    try:
        return expansion.entitlements(model.read(people, profiles), kind, HERE, expansion.Terms(DAY))
    except ValidationError as problem:
        return problem.message


# --- what is expected, from the raw declarations alone ----------------------------------------------------------------

NAME = {"dbsync": "company", "alteryx": "name"}


def is_active(person: Mapping[str, Any]) -> bool:
    return person["state"] == "present" and (person["start_date"] is None or person["start_date"] <= DAY)


def granted(kind: str, person: Mapping[str, Any], profiles: Mapping[str, Any]) -> Counter[tuple[str, ...]]:
    """Single rights of a person, each as often as it is granted: (e-mail, object, option, value)."""
    found: Counter[tuple[str, ...]] = Counter()
    if is_active(person):
        whole = [each for name in person["profiles"] for each in profiles[name][kind]]
        whole += [each for each in person["access"] if each["until"] is None or each["until"] >= DAY]
        for each in whole:
            if each.get("tenant") in (None, HERE) or HERE in each["tenant"]:
                found.update(set(rights(kind, person["email"], each)))
    return found


def rights(kind: str, email: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    name = str(entry.get(NAME.get(kind, ""), "")).lower()
    yield email, name
    for option in ("roles", "audience", "clients", "privilege", "enabled"):
        value = entry.get(option)
        for item in value if isinstance(value, list) else [] if value is None else [value]:
            yield email, name, option, str(item)


def held(kind: str, entries: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    found = set()
    for entry in entries:
        person = entry.get("username") or entry.get("user") or entry.get("email")
        if entry.get("state") != "absent":
            for email in entry["users"] if kind == "alteryx" else [person]:
                found |= set(rights(kind, email, entry))
    return found


def cases(pytestconfig: pytest.Config, number: int) -> Callable[[Any], Any]:
    return settings(max_examples=number * (10 if pytestconfig.getoption("long") else 1))


def test_everybody_has_what_is_granted_and_nothing_else(
    pytestconfig: pytest.Config, tally: Callable[[str, str, int], None]
) -> None:
    outcomes: Counter[str] = Counter()

    @cases(pytestconfig, CASES)
    @given(declarations())
    def check(declared: tuple[str, list[dict[str, Any]], dict[str, Any]]) -> None:
        kind, people, profiles = declared
        entries = expand(kind, people, profiles)
        if isinstance(entries, str):
            outcomes["contradictions"] += 1
            return
        outcomes["expanded"] += 1
        expected = {right for person in people for right in granted(kind, person, profiles)}
        assert held(kind, entries) == expected
        gone = {person["email"] for person in people if person["state"] == "absent"}
        for entry in entries:
            if entry.get("state") == "absent":
                assert any(email in str(entry) for email in gone)

    check()
    assert outcomes["expanded"] > outcomes["contradictions"] > 0
    for name, number in outcomes.items():
        tally("cases", f"entitlements: {name}", number)


def test_order_does_not_matter(pytestconfig: pytest.Config) -> None:
    @cases(pytestconfig, OF_TWO)
    @given(declarations(), st.randoms(use_true_random=False))
    def check(declared: tuple[str, list[dict[str, Any]], dict[str, Any]], random: Any) -> None:
        kind, people, profiles = declared

        def shuffled(items: list[Any]) -> list[Any]:
            return random.sample(items, len(items))

        others = [
            {**person, "profiles": shuffled(person["profiles"]), "access": shuffled(person["access"])}
            for person in shuffled(people)
        ]
        other_profiles = {name: {kind: shuffled(profiles[name][kind])} for name in shuffled(sorted(profiles))}
        one, other = expand(kind, people, profiles), expand(kind, others, other_profiles)
        if isinstance(one, str) or isinstance(other, str):
            # Which of several contradictions is found first may differ, that there is one may not.
            assert isinstance(one, str)
            assert isinstance(other, str)
        else:
            assert [without_spelling(entry) for entry in one] == [without_spelling(entry) for entry in other]

    check()


def without_spelling(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Of a name that is written in two cases either may stand there."""
    return {name: value.lower() if name == "name" else value for name, value in entry.items()}


def test_removing_a_profile_removes_exactly_what_no_other_grants(pytestconfig: pytest.Config) -> None:
    removed: Counter[bool] = Counter()

    @cases(pytestconfig, OF_TWO)
    @given(declarations(), st.data())
    def check(declared: tuple[str, list[dict[str, Any]], dict[str, Any]], data: st.DataObject) -> None:
        kind, people, profiles = declared
        with_profiles = [person for person in people if person["profiles"]]
        before = expand(kind, people, profiles)
        if not with_profiles or isinstance(before, str):
            return
        person = data.draw(st.sampled_from(with_profiles))
        profile = data.draw(st.sampled_from(person["profiles"]))
        less = {**person, "profiles": [name for name in person["profiles"] if name != profile]}
        after = expand(kind, [less if each is person else each for each in people], profiles)
        assert not isinstance(after, str)
        expected = set(granted(kind, person, profiles)) - set(granted(kind, less, profiles))
        assert held(kind, before) - held(kind, after) == expected
        assert held(kind, after) <= held(kind, before)
        removed[bool(expected)] += 1

    check()
    assert removed[True]
    assert removed[False]
