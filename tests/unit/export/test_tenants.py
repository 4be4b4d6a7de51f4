# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists as declared state: what is odd about it, what is left out, and why."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import Declaration
from ansible_collections.dataops.access.plugins.plugin_utils.export.tenant import tenant


def exported(platform: str, kind: str, found: dict[str, Any], **variables: str) -> Declaration:
    (declaration,) = tenant("a-host", platform, [{"kind": kind, "variables": variables, "result": found}]).declarations
    return declaration


def entries(declaration: Declaration) -> list[dict[str, Any]]:
    return [entry.options for entry in declaration.entries]


def notes(declaration: Declaration) -> list[list[str]]:
    return [entry.notes for entry in declaration.entries]


# --- Datasentinel ---------------------------------------------------------------------------------------------------

DS = {"login": "x", "privilege": "read", "profile": "developer", "roles": ["billing"], "live_360": True, "comment": ""}


def ds(*users: dict[str, Any]) -> Declaration:
    return exported("datasentinel", "user", {"users": [{**DS, **user} for user in users]})


def test_defaults_are_left_out_and_what_restricts_nobody_is_meant() -> None:
    declaration = ds(
        {"email": "Bob@example.com", "roles": [], "live_360": False, "comment": "Head\nof {{ all }}"},
        {"email": "ann@example.com", "live_360": None},
    )
    assert entries(declaration) == [
        {"email": "ann@example.com", "privilege": "read", "profile": "developer", "roles": ["billing"]},
        {
            "email": "Bob@example.com",
            "privilege": "read",
            "profile": "developer",
            "roles": [],
            "unrestricted": True,
            "live_360": False,
            "comment": "Head\nof {{ all }}",
        },
    ]
    assert [entry.marks for entry in declaration.entries] == [["password_file:"]] * 2


def test_who_cannot_be_declared_is_named() -> None:
    declaration = ds(
        {"email": "uma@example.com"},
        {"email": "Uma@example.com"},
        {"email": "", "login": "root"},
        {"email": "a b@example.com"},
        {"email": "ann@example.com", "privilege": "super", "roles": ["a/b"], "comment": f"knows {HIDDEN}"},
    )
    left_out = dict(declaration.left_out)
    assert set(left_out) == {"uma@example.com", "Uma@example.com", "root", "a b@example.com"}
    assert "no e-mail address" in left_out["a b@example.com"]
    # An option that cannot be declared is left alone.
    assert entries(declaration) == [{"email": "ann@example.com", "profile": "developer"}]
    (said,) = notes(declaration)
    assert [note.partition(" ")[0] for note in said] == ["privilege", "comment", "roles"]


def test_a_character_that_results_escape_is_not_taken_for_what_it_looks_like() -> None:
    declaration = exported(
        "dbsync", "license_user", {"license_users": [{"company": "A", "username": r"a\x1bb\u2028c", "active": True}]}
    )
    assert (entries(declaration), len(declaration.left_out)) == ([], 1)


# --- DBSync ---------------------------------------------------------------------------------------------------------


def test_who_would_cost_quota_is_not_declared() -> None:
    users = [
        {"company": "Globex", "username": "dan", "active": True},
        {"company": "Acme", "username": "eve", "active": False},
        {"company": None, "username": "fay", "active": True},
        {"company": "Acme", "username": " gus", "active": True},
    ]
    declaration = exported("dbsync", "license_user", {"license_users": users})
    assert entries(declaration) == [{"company": "Globex", "username": "dan"}]
    assert declaration.scope == {"dbsync_companies": ["Globex"]}
    assert [what for what, _why in declaration.left_out] == ["fay", "Acme/ gus", "Acme/eve"]


def test_an_empty_listing_of_dbsync_is_said_to_be_one() -> None:
    declaration = exported("dbsync", "license_user", {"license_users": []})
    assert (entries(declaration), declaration.scope) == ([], {})
    assert "listed nobody" in declaration.notes[0]


# --- Devo -----------------------------------------------------------------------------------------------------------


def test_users_of_devo() -> None:
    def user(email: str, roles: list[str], **more: Any) -> dict[str, Any]:
        return {"email": email, "username": "", "roles": roles, "owner": False, "enabled": True, **more}

    users = [
        user("olga@example.com", ["ADMIN"], owner=True, username="Olga Owner"),
        user("bob@example.com", ["NO_PRIVILEGES"], enabled=False, username="bob"),
        user("ann@example.com", ["ADMIN", "analyst"], username="<b>"),
    ]
    declaration = exported("devo", "user", {"users": users}, devo_domain="example")
    assert entries(declaration) == [
        {"email": "ann@example.com"},
        {"email": "bob@example.com", "roles": [], "enabled": False},
        {"email": "olga@example.com", "username": "Olga Owner", "roles": ["OWNER"]},
    ]
    assert [note.partition(" ")[0] for note in notes(declaration)[0]] == ["username", "roles"]
    assert declaration.scope == {"devo_domain": "example"}


def token(number: int, name: str, **more: Any) -> dict[str, Any]:
    usual = {"audience": ["apiv2"], "scopes": ["default"], "user": "ann@example.com", "owner": "ann@example.com"}
    return {"id": number, "name": name, **usual, "enabled": True, "expires_in": 86400, **more}


def test_tokens_are_declared_by_name_or_where_that_does_not_tell_by_id() -> None:
    found = [
        token(1, "plain", expires_in=86401),
        token(2, "whole", scopes=["a", "b"], owner="bob@example.com", enabled=False, expires_in=7776003),
        token(3, "twice", user="", owner="", expires_in=-1),
        token(4, "twice", audience=[], expires_in=None),
        token(5, "renewed", expires_in=5),
        token(6, "renewed~next"),
        token(7, "renewed~old-7"),
        token(8, "looks~old-like"),
        token(9, " blank"),
        token(10, "odd", user="not an e-mail", expires_in=0),
    ]
    declaration = exported("devo", "token", {"tokens": found}, devo_account="example")
    usual = {"audience": ["apiv2"], "user": "ann@example.com"}
    assert entries(declaration) == [
        {"token_id": "9", **usual},
        {"token_id": "8", **usual},
        {"name": "odd", "audience": ["apiv2"], "owner": "ann@example.com"},
        {"name": "plain", **usual},
        {"token_id": "5", **usual, "expires_in": 5},
        {"token_id": "6", **usual},
        {"token_id": "7", **usual},
        {"token_id": "3", "audience": ["apiv2"], "expires_in": -1},
        {"token_id": "4", "user": "ann@example.com"},
        {
            "name": "whole",
            **usual,
            "scopes": ["a", "b"],
            "owner": "bob@example.com",
            "expires_in": 7776000,
            "enabled": False,
        },
    ]
    assert declaration.left_out == []
    # Only what is told from others by its name is anybody's.
    assert {entry.options.get("name") for entry in declaration.entries if entry.person} == {"plain", "odd", "whole"}


# --- Alteryx --------------------------------------------------------------------------------------------------------


def test_subscriptions_and_who_is_in_them() -> None:
    def member(number: int, email: str) -> dict[str, str]:
        return {"id": f"66f{number}", "name": f"User {number}", "email": email}

    def subscription(number: int, name: str, *members: dict[str, str], **more: Any) -> dict[str, Any]:
        usual = {"id": f"66b{number}", "name": name, "can_share_schedules": False, "credential_id": ""}
        return {**usual, "members": list(members), **more}

    ann, both = member(1, "ann@example.com"), member(2, "both@example.com")
    found = [
        subscription(1, "Finance", ann, member(3, "shared@example.com"), member(4, ""), can_share_schedules=True),
        subscription(2, "Twice", both),
        subscription(3, "Twice", both, credential_id="c1"),
        subscription(4, "Empty", {**member(0, ""), "id": "a/b"}),
        subscription(5, " blank"),
    ]
    declaration = exported("alteryx", "subscription", {"subscriptions": found, "shared_emails": ["shared@example.com"]})
    assert entries(declaration) == [
        {"subscription_id": "66b5"},
        {"name": "Empty"},
        {"name": "Finance", "can_share_schedules": True, "users": ["66f3", "66f4", "ann@example.com"]},
        {"subscription_id": "66b2"},
        {"subscription_id": "66b3", "credential_id": "c1"},
    ]
    assert all(notes(declaration)[place] for place in (0, 1, 2, 3, 4))


# --- Crownpeak DQM --------------------------------------------------------------------------------------------------


def test_clients_of_dqm() -> None:
    def client(number: int, name: str, status: str = "PROD") -> dict[str, str]:
        return {"id": f"id{number}", "name": name, "status": status}

    twice = [client(1, "Twice"), client(2, "Twice", "")]
    read = [
        {"kind": "client", "variables": {"dqm_user_id": "7"}, "result": {"clients": [*twice, client(3, "One")]}},
        {
            "kind": "user",
            "expected": [
                {"user_id": 9, "email": "Bob@example.com", "clients": []},
                {"user_id": "8", "email": "ann@example.com", "clients": ["old"]},
                {"user_id": "6", "email": "gone@example.com", "clients": []},
                {"email": "unknown@example.com", "clients": []},
            ],
            "result": [
                {"clients": [client(3, "One")]},
                {"clients": twice},
                {"failed": True, "msg": "no such user"},
                {"skipped": True},
            ],
        },
    ]
    made = tenant("a-host", "dqm", read)
    clients, users = made.declarations
    assert entries(clients) == [
        {"name": "One", "status": "PROD"},
        {"id": "id1", "status": "PROD"},
        {"id": "id2"},
    ]
    assert clients.scope == {"dqm_user_id": "7"}
    assert entries(users) == [
        {"user_id": "8", "email": "ann@example.com", "clients": ["id1", "id2"]},
        {"user_id": "9", "email": "Bob@example.com", "clients": ["One"]},
    ]
    assert users.left_out == [
        ("gone@example.com", "it could not be read: no such user"),
        ("unknown@example.com", "it could not be read: its user_id is not known"),
    ]
    assert made.counts() == {"dqm_expected_clients": 3, "dqm_expected_users": 2}
    assert made.left_out()[0] == "gone@example.com: it could not be read: no such user"


# --- what is not whole ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "says"),
    [
        ([], "set devo_domain"),
        ([{"kind": "user", "variables": {"devo_domain": "d"}, "result": {"failed": True, "msg": "no"}}], "no"),
        ([{"kind": "user", "variables": {"devo_domain": "d"}, "result": {"changed": False}}], "holds no users"),
        ([{"kind": "user", "variables": {"devo_domain": "d"}, "result": {"skipped": True}}], "it was not read"),
    ],
)
def test_what_was_not_listed_is_no_empty_list(read: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        tenant("a-host", "devo", read)
