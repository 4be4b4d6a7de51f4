# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are granted, as entries of the roles' lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model

DAY = dt.date(2026, 2, 1)
TERMS = expansion.Terms(DAY)
ENDED = {"end_date": "2026-01-31"}


def ann(*access: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"email": "Ann@example.com", "access": list(access), **more}


def expand(
    kind: str,
    *people: dict[str, Any],
    profiles: Any = None,
    own: Any = None,
    tenant: str = "one",
    terms: expansion.Terms = TERMS,
) -> list[dict[str, Any]]:
    return expansion.declared(own, model.read(list(people), profiles or {}), kind, tenant, terms) or []


def refused(kind: str, *people: dict[str, Any], **more: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        expand(kind, *people, **more)
    return raised.value.message


@pytest.mark.parametrize(
    ("kind", "granted", "entry"),
    [
        ("dbsync", {"company": "Acme"}, {"company": "Acme", "username": "ann@example.com"}),
        ("alteryx", {"name": "Finance"}, {"name": "Finance", "users": ["ann@example.com"]}),
        ("datasentinel", {"privilege": "read", "roles": ["b", "a"]}, {"privilege": "read", "roles": ["a", "b"]}),
        ("devo_users", {"roles": ["analyst"]}, {"roles": ["analyst"]}),
        (
            "devo_tokens",
            {"name": "of-{email}", "audience": ["apiv2"], "secret_file": "/run/{email}"},
            {
                "name": "of-ann@example.com",
                "audience": ["apiv2"],
                "secret_file": "/run/ann@example.com",
                "user": "ann@example.com",
            },
        ),
        ("dqm", {"clients": ["Example Corp"]}, {"clients": ["Example Corp"]}),
    ],
)
def test_the_person_fills_in_what_identifies(kind: str, granted: dict[str, Any], entry: dict[str, Any]) -> None:
    by_mail = kind in ("datasentinel", "devo_users", "dqm")
    expected = {**entry, "email": "ann@example.com"} if by_mail else entry
    assert expand(kind, ann({"platform": kind, **granted})) == [expected]


def test_another_name_on_a_platform() -> None:
    accounts = {"dbsync": "ANN01", "dqm": 1234}
    assert expand("dbsync", ann({"platform": "dbsync", "company": "Acme"}, accounts=accounts)) == [
        {"company": "Acme", "username": "ANN01"}
    ]
    assert expand("dqm", ann({"platform": "dqm", "clients": ["x"]}, accounts=accounts)) == [
        {"user_id": "1234", "email": "ann@example.com", "clients": ["x"]}
    ]


def test_an_entitlement_of_a_tenant_is_of_no_other() -> None:
    people = ann({"platform": "devo_users", "roles": ["a"], "tenant": ["one", "two"]})
    assert expand("devo_users", people, tenant="two") != []
    assert expand("devo_users", people, tenant="three") == []


def test_an_addition_ends_after_its_last_day() -> None:
    until = {"platform": "devo_users", "roles": ["a"], "until": "2026-02-01"}
    assert expand("devo_users", ann(until)) != []
    assert expand("devo_users", ann({**until, "until": "2026-01-31"})) == []


PROFILES = {
    "finance": {"datasentinel": {"privilege": "read", "profile": "developer", "roles": ["billing"]}},
    "reports": {"datasentinel": {"privilege": "read", "profile": "developer", "roles": ["reporting"]}},
    "boss": {"datasentinel": {"privilege": "admin", "profile": "developer", "roles": ["billing"]}},
    "all": {"datasentinel": {"privilege": "read", "profile": "developer", "roles": [], "unrestricted": True}},
    "owner": {"devo_users": {"roles": ["OWNER"]}},
    "analyst": {"devo_users": {"roles": ["analyst"]}},
    "nothing": {"devo_users": {"roles": []}},
    "ops": {"alteryx": {"name": "Ops"}},
    "sales": {"alteryx": {"name": "Sales"}},
}


def test_profiles_are_united() -> None:
    (entry,) = expand("datasentinel", ann(profiles=["finance", "reports"]), profiles=PROFILES)
    assert entry["roles"] == ["billing", "reporting"]
    (entry,) = expand("devo_users", ann(profiles=["nothing", "analyst"]), profiles=PROFILES)
    assert entry["roles"] == ["analyst"]


@pytest.mark.parametrize(
    ("kind", "profiles", "said"),
    [
        ("datasentinel", ["finance", "boss"], "profile boss (ann@example.com) says privilege 'admin'"),
        ("datasentinel", ["finance", "boss"], "profile finance (ann@example.com) says 'read'"),
        ("datasentinel", ["all", "finance"], "profile all (ann@example.com) says roles []"),
        ("devo_users", ["owner", "analyst"], "profile owner (ann@example.com) says [OWNER]"),
        ("alteryx", ["sales", "ops"], "profile ops says 'Ops', and profile sales says 'Sales'"),
    ],
)
def test_what_excludes_each_other_names_both(kind: str, profiles: list[str], said: str) -> None:
    assert said in refused(kind, ann(profiles=profiles), profiles=PROFILES)
    assert said in refused(kind, ann(profiles=profiles[::-1]), profiles=PROFILES)


def test_the_own_list_of_the_role_is_completed() -> None:
    own = [{"email": "ANN@example.com", "roles": ["b"]}, {"email": "svc@example.com", "roles": []}]
    assert expand("devo_users", ann({"platform": "devo_users", "roles": ["a"]}, name="Ann A."), own=own) == [
        {"email": "ANN@example.com", "roles": ["a", "b"], "username": "Ann A."},
        {"email": "svc@example.com", "roles": []},
    ]


def test_without_people_the_own_list_is_what_it_was() -> None:
    own = [{"email": "b"}, "nonsense", {"email": "b"}]
    assert expansion.declared(own, None, "devo_users", "one", TERMS) == own
    assert expansion.declared(None, None, "devo_users", "one", TERMS) is None
    assert expand("devo_users", own=own) == [{"email": "b"}, "nonsense", {"email": "b"}]


def test_a_contradiction_with_the_own_list_names_the_variable() -> None:
    own = [{"email": "ann@example.com", "state": "absent"}]
    said = refused("devo_users", ann({"platform": "devo_users", "roles": ["a"]}), own=own)
    assert "access of ann@example.com says state 'present', and devo_users says 'absent'" in said


def test_who_has_left_is_removed_from_everywhere() -> None:
    profiles = {"p": {"dbsync": [{"company": "Acme"}, {"company": "Globex", "tenant": "two"}]}}
    people = {"email": "ann@example.com", **ENDED}
    assert expand("datasentinel", people) == [{"email": "ann@example.com", "state": "absent"}]
    assert expand("devo_users", people) == [{"email": "ann@example.com", "state": "absent"}]
    assert expand("dbsync", people, profiles=profiles) == [
        {"company": "Acme", "username": "ann@example.com", "state": "absent"}
    ]
    assert expand("alteryx", ann({"platform": "alteryx", "name": "Ops"}, **ENDED)) == []
    assert expand("dqm", {**people, "accounts": {"dqm": "7"}}) == [
        {"user_id": "7", "email": "ann@example.com", "clients": []}
    ]
    assert expand("dqm", people) == []


def test_what_can_be_disabled_stays_disabled_for_a_while() -> None:
    terms = expansion.Terms(DAY, retention_days=30)
    people = ann(
        {"platform": "devo_users", "roles": ["a"]},
        {"platform": "devo_tokens", "name": "t-{email}", "audience": ["apiv2"]},
        {"platform": "datasentinel", "privilege": "read"},
        **ENDED,
    )
    (user,) = expand("devo_users", people, terms=terms)
    assert user == {"email": "ann@example.com", "roles": ["a"], "enabled": False, "only_existing": True}
    (token,) = expand("devo_tokens", people, terms=terms)
    assert (token["enabled"], token["only_existing"]) == (False, True)
    assert expand("datasentinel", people, terms=terms) == [{"email": "ann@example.com", "state": "absent"}]


def test_a_token_that_somebody_else_got_stays() -> None:
    token = {"platform": "devo_tokens", "name": "reports", "audience": ["apiv2"]}
    bob = {"email": "bob@example.com", "access": [token]}
    assert expand("devo_tokens", ann(token, **ENDED), bob) == expand("devo_tokens", bob)
    # Its name says nothing of a person, so that anybody may use it by now.
    assert expand("devo_tokens", ann(token, **ENDED)) == []
    own = {**token, "name": "of-{email}"}
    assert expand("devo_tokens", ann(own, **ENDED)) == [{"name": "of-ann@example.com", "state": "absent"}]
    assert "says user 'ann@example.com'" in refused("devo_tokens", ann(token), bob)


def test_what_nobody_grants_is_removed_where_that_is_asked_for() -> None:
    profiles = {
        "p": {"dbsync": {"company": "Acme"}, "devo_tokens": [{"name": "t-{email}"}, {"name": "shared"}]},
        "q": {"dbsync": {"company": "Globex"}},
    }
    people = ann(profiles=["q"])
    remove = expansion.Terms(DAY, unentitled=expansion.REMOVE)
    assert expand("devo_users", people, profiles=profiles) == []
    assert expand("devo_users", people, profiles=profiles, terms=remove) == [
        {"email": "ann@example.com", "state": "absent"}
    ]
    assert expand("dbsync", people, profiles=profiles, terms=remove) == [
        {"company": "Acme", "username": "ann@example.com", "state": "absent"},
        {"company": "Globex", "username": "ann@example.com"},
    ]
    assert expand("devo_tokens", people, profiles=profiles, terms=remove) == [
        {"name": "t-ann@example.com", "state": "absent"}
    ]
    own = [{"email": "ann@example.com", "roles": ["a"]}]
    assert expand("devo_users", people, profiles=profiles, own=own, terms=remove) == own


def test_nobody_who_is_protected_is_taken_away() -> None:
    terms = expansion.Terms(DAY, unentitled=expansion.REMOVE, protected=frozenset({"ann@example.com"}))
    assert expand("devo_users", ann(), terms=terms) == []
    assert "access_protected_people" in refused("devo_users", ann(**ENDED), terms=terms)


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("devo_tokens", {"name": "etl", "user": "Ann@example.com"}),
        ("dbsync", {"company": "Acme", "username": "ann@example.com"}),
        ("alteryx", {"name": "Finance", "users": ["bob@example.com", "ann@example.com"]}),
        ("devo_users", {"email": "ann@example.com", "roles": ["a"]}),
    ],
)
def test_the_own_list_does_not_let_a_leaver_in_again(kind: str, entry: dict[str, Any]) -> None:
    said = refused(kind, ann(**ENDED), own=[entry])
    assert "ann@example.com" in said
    assert expand(kind, ann(), own=[entry]) == [entry]


def test_before_the_first_day_nothing_is_declared() -> None:
    access = {"platform": "devo_users", "roles": ["a"]}
    assert expand("devo_users", ann(access, start_date="2026-02-02")) == []
    assert expand("devo_users", ann(access, start_date="2026-02-01")) != []
