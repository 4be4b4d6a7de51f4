# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody who joins has been granted, as far as the results of the roles show it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.people import granting

LEO, KIM = "leo@example.com", "kim@example.com"
SCOPE = {"devo_domain": "acme", "devo_account": 7}


def change(key: str, status: str = "applied", action: str = "create", msg: str | None = None) -> dict[str, Any]:
    error = None if msg is None else {"msg": msg}
    return {"key": key, "action": action, "status": status, "fields": {}, "error": error}


def there(key: str, declared: str | None = "present", **more: Any) -> dict[str, Any]:
    return {"key": key, "identity": {"email": key}, "declared": declared, "enabled": None, **more}


def told(
    platform: str, variable: str, kind: str, entries: list[dict[str, Any]], result: dict[str, Any], **more: Any
) -> list[tuple[str, str, str]]:
    results = [{"kind": kind, "result": result}]
    found = granting.granted(platform, {variable: entries}, results, None, SCOPE.get, **more)
    return [(each.status, each.key, each.detail) for each in found]


def users(*emails: str, changes: tuple[Any, ...] = (), existing: tuple[Any, ...] = (), **more: Any) -> Any:
    check_mode = bool(more.pop("check_mode", False))
    result = {"changes": list(changes), "existing": list(existing), **more}
    entries = [{"email": email} for email in emails]
    return told("datasentinel", "datasentinel_users", "user", entries, result, check_mode=check_mode)


def test_what_was_written_and_what_was_there_is_granted() -> None:
    assert users(LEO, changes=(change(LEO),)) == [("granted", LEO, "")]
    assert users("Leo@example.com", existing=(there(LEO),)) == [("granted", LEO, "")]
    assert users(LEO, KIM, changes=(change(LEO),), existing=(there(LEO), there(KIM))) == [
        ("granted", f"{KIM}, {LEO}", "")
    ]


def test_only_what_is_done_is_named_as_granted() -> None:
    assert users(LEO, KIM, changes=(change(LEO), change(KIM, "failed", msg="403"))) == [
        ("open", KIM, "403"),
        ("granted", LEO, ""),
    ]


@pytest.mark.parametrize("status", ["planned", "failed", "unknown"])
def test_whatever_was_not_applied_is_open(status: str) -> None:
    ((found, key, detail),) = users(LEO, changes=(change(LEO, status),), existing=(there(LEO),))
    assert (found, key, detail) == ("open", LEO, "it could not be written")


def test_a_refused_plan_grants_nothing_but_what_was_there() -> None:
    refused = {"failed": True, "msg": "no role x"}
    changes = (change(LEO, "planned"), change(KIM, "failed", msg="no role x"))
    for check_mode in (False, True):
        assert users(LEO, KIM, "zoe@example.com", changes=changes, existing=(there("zoe@example.com"),),
                     check_mode=check_mode, **refused) == [
            ("open", LEO, "no role x"),
            ("open", KIM, "no role x"),
            ("granted", "zoe@example.com", ""),
        ]  # fmt: skip


def test_check_mode_tells_what_would_be() -> None:
    assert users(LEO, changes=(change(LEO, "planned"),), check_mode=True) == [("granted", LEO, "")]


@pytest.mark.parametrize(
    ("changes", "existing"),
    [
        ((change(KIM),), (there(KIM),)),
        ((), ()),
        ((), (there(LEO, declared=None),)),
        ((), (there(LEO, declared="absent"),)),
        ((change(LEO, action="delete"),), ()),
    ],
)
def test_what_the_result_does_not_show_is_not_granted(changes: tuple[Any, ...], existing: tuple[Any, ...]) -> None:
    ((status, key, detail),) = users(LEO, changes=changes, existing=existing)
    assert (status, key) == ("open", LEO)
    assert "datasentinel_users" in detail


def test_a_change_that_nobody_planned_and_that_failed_is_told() -> None:
    assert users(LEO, changes=(change(LEO), change(KIM, "failed", msg="403"))) == [
        ("granted", LEO, ""),
        ("open", KIM, "403"),
    ]


def test_a_failure_that_no_object_tells_is_told() -> None:
    assert users(LEO, existing=(there(LEO),), failed=True, msg="the listing broke off") == [
        ("granted", LEO, ""),
        ("open", "", "the listing broke off"),
    ]


def test_an_account_that_is_disabled_is_of_no_use() -> None:
    disabled = there(LEO, enabled=False)
    entries = [{"email": LEO, "roles": ["a"]}]
    for changes, check_mode in (([], False), ([change(LEO, action="update")], False), ([], True)):
        result = {"changes": changes, "existing": [disabled]}
        ((status, _key, detail),) = told("devo", "devo_users", "user", entries, result, check_mode=check_mode)
        assert status == "open"
        assert "enabled: true" in detail
    # Check mode reads what is there before.
    enabling = {**change(LEO, "planned", "update"), "fields": {"enabled": {"before": False, "after": True}}}
    result = {"changes": [enabling], "existing": [disabled]}
    entries = [{"email": LEO, "enabled": True}]
    assert told("devo", "devo_users", "user", entries, result, check_mode=True) == [("granted", LEO, "")]


def test_a_licence_that_would_be_active_again_is_granted() -> None:
    names = {"company": "Acme", "username": LEO}
    again = {**change(f"Acme/{LEO}", "planned", "update"), "fields": {"active": {"before": False, "after": True}}}
    result = {"changes": [again], "existing": [there(f"Acme/{LEO}", identity=names, enabled=False)]}
    found = told("dbsync", "dbsync_license_users", "license_user", [names], result, check_mode=True)
    assert found == [("granted", f"Acme/{LEO}", "")]


@pytest.mark.parametrize(
    ("platform", "variable", "kind", "entry", "key", "identity"),
    [
        ("dbsync", "dbsync_license_users", "license_user", {"company": "Acme", "username": LEO}, f"Acme/{LEO}",
         {"company": "Acme", "username": LEO}),
        ("alteryx", "alteryx_subscriptions", "subscription", {"name": "Finance", "users": [LEO]}, "Finance",
         {"subscription_id": "s1"}),
        ("alteryx", "alteryx_subscriptions", "subscription", {"subscription_id": "s1", "users": [LEO]}, "Finance",
         {"subscription_id": "s1"}),
        ("devo", "devo_tokens", "token", {"name": "notebook", "user": LEO}, "notebook", {"token_id": "5"}),
        ("devo", "devo_tokens", "token", {"token_id": 5, "user": LEO}, "notebook", {"token_id": "5"}),
        ("devo", "devo_users", "user", {"email": LEO, "roles": []}, LEO, {"email": LEO}),
    ],
)  # fmt: skip
def test_an_entry_is_found_however_it_is_named(
    platform: str, variable: str, kind: str, entry: dict[str, Any], key: str, identity: dict[str, Any]
) -> None:
    item = there(key, identity=identity)
    ((status, named, _detail),) = told(platform, variable, kind, [entry], {"changes": [], "existing": [item]})
    assert (status, named) == ("granted", key)
    failed = {"changes": [change(key, "failed", msg="403")], "existing": [item]}
    assert told(platform, variable, kind, [entry], failed) == [("open", key, "403")]
    other = {name: f"{value}0" for name, value in identity.items()}
    result = {"changes": [], "existing": [there(f"{key}0", identity=other)]}
    assert [each[0] for each in told(platform, variable, kind, [entry], result)] == ["open"]


def test_what_no_role_was_asked_for_is_open() -> None:
    (found,) = granting.granted("datasentinel", {"datasentinel_users": [{"email": LEO}]}, [], "no route", SCOPE.get)
    assert (found.status, found.detail) == ("open", "no route")


@pytest.mark.parametrize(
    ("clients", "said"), [([4711, "x"], "4711, x"), ([], "none"), (None, "none")]
)  # fmt: skip
def test_clients_are_given_by_hand_whatever_they_are(clients: Any, said: str) -> None:
    entry = {"email": LEO, "clients": clients}
    (found,) = granting.granted("dqm", {"dqm_expected_users": [entry]}, [], None, SCOPE.get)
    assert (found.status, found.key) == ("manual", LEO)
    assert f"clients {said} in" in found.detail
