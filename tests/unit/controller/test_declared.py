# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared state is checked without network or credentials, all of it at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.action.access_declared import ActionModule
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import declared, platforms

ANA = {"email": "Ana@example.com", "privilege": "read", "profile": "developer"}


def check(module: str, **options: Any) -> declared.Checked:
    return declared.check(platforms.service_of(module), options)


def test_what_is_right_is_declared() -> None:
    checked = check("ds_users", users=[ANA, {"email": "leo@example.com", "state": "absent"}], purge=True)
    assert checked.errors == []
    assert [(entry.key, entry.state) for entry in checked.declared] == [
        ("ana@example.com", "present"),
        ("leo@example.com", "absent"),
    ]


def test_a_limit_that_the_module_refuses_is_refused() -> None:
    assert check("dbsync_license_users", users=[], max_registrations=-1).errors == []
    (message,) = check("dbsync_license_users", users=[], max_registrations=-5).errors
    assert message.startswith("max_registrations: -5")


def test_all_errors_are_found_at_once() -> None:
    checked = check(
        "ds_users",
        users=[
            ANA,
            {"email": "ana.example.com"},
            {"email": "bo@example.com", "privilege": "god"},
            {"email": "cy@example.com", "rolls": []},
            {"privilege": "read"},
            {"email": "ANA@EXAMPLE.COM"},
        ],
        purge_exclude=["("],
    )
    assert [message.split(":")[0] for message in checked.errors] == [
        "entry 2 of users",
        "entry 3 of users",
        "entry 4 of users",
        "entry 5 of users",
        "Datasentinel user 'ana@example.com' is declared twice",
        "purge_exclude",
    ]
    assert "rolls is no option; known are append_roles" in checked.errors[2]
    assert "missing required arguments: email" in checked.errors[3]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"users": [], "purge": True}, "allow_empty"),
        ({"users": [], "max_deletions": "many"}, "max_deletions"),
        ({"users": [], "purge": "perhaps"}, "purge"),
        ({"users": "ana"}, "users must be a list"),
        ({"users": ["ana"]}, "entry 1 of users"),
        ({"users": [], "purges": True}, "purges is no option"),
    ],
)
def test_options_of_the_whole_are_checked(options: dict[str, Any], says: str) -> None:
    errors = check("ds_users", **options).errors
    assert len(errors) == 1
    assert says in errors[0]


def test_what_stands_at_the_top_is_checked() -> None:
    assert "domain" in check("devo_domain_users", domain="a b", users=[]).errors[0]
    entry = {"email": "ana@example.com", "roles": ["analyst"]}
    assert check("devo_domain_users", domain="example", users=[entry]).errors == []


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("dbsync_license_users", {"users": [{"company": "Acme", "username": "ana"}], "companies": ["Acme"]}),
        ("subscriptions", {"subscriptions": [{"name": "Finance", "users": ["ana@example.com"]}]}),
        ("devo_tokens", {"account": "example", "tokens": [{"name": "collector", "audience": ["http"]}]}),
    ],
)
def test_every_kind_can_be_declared_without_a_platform(module: str, options: dict[str, Any]) -> None:
    checked = check(module, **options)
    assert (checked.errors, len(checked.declared)) == ([], 1)


def test_an_action_shows_no_more_of_an_unknown_option() -> None:
    action = object.__new__(ActionModule)
    action._task = SimpleNamespace(args={"declared": [], "token:canary": None})
    action._load_name = "access_declared"
    with pytest.raises(ValidationError, match=r"module: token…\. Supported parameters include: ") as refused:
        action._options()
    assert "canary" not in refused.value.message


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "canary secret", "ldap": True},
        {"password:canary": None},
        {"password:can, ary": None},
        {"password": {"canary secret": None}, "privilege": "canary secret"},
    ],
)
def test_no_secret_shows_in_an_error(wrong: dict[str, Any]) -> None:
    errors = check("ds_users", users=[{**ANA, **wrong}]).errors
    assert len(errors) == 1
    assert "ary" not in errors[0]
