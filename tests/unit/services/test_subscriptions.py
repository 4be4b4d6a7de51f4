# SPDX-License-Identifier: GPL-3.0-or-later
"""All Alteryx subscriptions of a server in one task, and reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_info import SubscriptionInfo
from emulator.server import Emulator
from unit.road import run_info, run_many
from unit.services.alteryx_tenant import (
    ANN,
    BOB,
    CREDENTIAL,
    CURATOR,
    EMPTY,
    FIGURES,
    FINANCE,
    calls,
    named,
    only,
    state,
    user,
)

IN_USE = {"key": "Cura Torres", "reason": "in_use"}


@pytest.fixture
def connection(vendors: Emulator) -> dict[str, Any]:
    return dict(vendors.connections["alteryx"])


def run(
    entries: list[dict[str, Any]], connection: dict[str, Any], check: bool = False, **options: Any
) -> dict[str, Any]:
    return run_many(Subscriptions, {"subscriptions": entries, **options}, connection, check)


def in_both(entries: list[dict[str, Any]], connection: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The real run's result, once check mode has said the same."""
    planned = run(entries, connection, check=True, **options)
    result = run(entries, connection, **options)
    assert [(item["key"], item["action"], item["fields"]) for item in planned["changes"]] == [
        (item["key"], item["action"], item["fields"]) for item in result["changes"]
    ]
    assert (planned["unmanaged"], planned["unmanaged_members"]) == (result["unmanaged"], result["unmanaged_members"])
    assert planned.get("subscriptions") == result.get("subscriptions")
    return result


def test_a_name_that_another_one_gets_is_declared_twice(vendors: Emulator, connection: dict[str, Any]) -> None:
    """The next run would find the renamed subscription under both entries."""
    entries = [{"subscription_id": EMPTY, "name": "New"}, {"name": "New", "state": "absent"}]
    assert "'New' is declared twice: entries 2 and 1" in run(entries, connection)["msg"]
    assert calls(vendors) == []


# --- moves ----------------------------------------------------------------------------------------------------------


def test_moves_come_before_deletions(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.reset(state={"alteryx": {**state()["alteryx"], "workflows": []}})
    entries = [{"name": "Finance", "state": "absent"}, {"name": "Empty", "users": ["ann@example.com", BOB]}]
    result = in_both(entries, connection, return_objects=True)
    assert not result.get("failed"), result["msg"]
    assert calls(vendors) == [
        f"PUT /v3/subscriptions/{EMPTY}/users",
        f"DELETE /v3/subscriptions?subscriptionId={FINANCE}",
    ]
    assert [item["name"] for item in result["subscriptions"]] == ["Empty"]
    assert not run(entries, connection)["changed"]


def test_who_stays_after_the_moves_blocks_the_deletion(vendors: Emulator, connection: dict[str, Any]) -> None:
    entries = [{"name": "Finance", "state": "absent"}, {"name": "Empty", "users": [ANN]}]
    for check in (True, False):
        result = run(entries, connection, check=check)
        assert result["failed"]
        assert f"bob@example.com ({BOB})" in result["msg"]
        assert ANN not in result["msg"]
        assert FIGURES["name"] in result["msg"]
        assert [item["key"] for item in result["changes"]] == ["Empty", "Finance"]
    assert calls(vendors) == []


def test_users_swap_places(vendors: Emulator, connection: dict[str, Any]) -> None:
    entries = [
        {"name": "Finance", "users": ["curator@example.com", "bob@example.com"]},
        {"name": "Cura Torres", "users": ["ann@example.com"]},
    ]
    result = in_both(entries, connection, return_objects=True)
    assert not result.get("failed"), result["msg"]
    assert {item["name"]: item["users"] for item in result["subscriptions"]} == {
        "Finance": [CURATOR, BOB],
        "Cura Torres": [ANN],
    }
    assert result["changes"][1]["fields"]["users"] == {"before": [ANN, BOB], "after": [CURATOR, BOB]}
    assert len(calls(vendors)) == 2


def test_a_subscription_that_only_loses_users_is_shown_without_them(
    vendors: Emulator, connection: dict[str, Any]
) -> None:
    entries = [{"name": "Finance"}, {"name": "Empty", "users": [ANN]}]
    result = in_both(entries, connection, return_objects=True)
    finance = result["subscriptions"][0]
    assert (finance["users"], [item["id"] for item in finance["members"]]) == ([BOB], [BOB])
    assert finance["workflows"] == [FIGURES]


@pytest.mark.parametrize("second", [ANN, "ANN@example.com"])
def test_a_user_of_two_subscriptions_is_refused(second: str, vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run([{"name": "Finance", "users": ["ann@example.com"]}, {"name": "Empty", "users": [second]}], connection)
    assert result["failed"]
    assert "declared in 'Finance' too" in result["msg"]
    assert calls(vendors) == []


def test_where_many_users_are_is_found_in_few_reads(vendors: Emulator, connection: dict[str, Any]) -> None:
    people = [user(n, f"user{n}@example.com") for n in range(200)]
    vendors.reset(state=state(users=people))
    result = run([{"name": "Empty", "users": ["user7@example.com", people[9]["id"]]}], connection)
    assert [item["from"] for item in result["changes"][0]["moved"]] == ["User 7", "User 9"]
    by_id = [call for call in calls(vendors, writes=False) if call.startswith("GET /v3/subscriptions/")]
    assert len(by_id) <= 3, "private subscriptions bear their user's name"


def test_a_user_whose_subscription_has_another_name_is_found_too(vendors: Emulator, connection: dict[str, Any]) -> None:
    studios = [{"id": f"66f2{n:020d}", "name": f"Studio {n}"} for n in range(40)]
    people = [user(n, f"user{n}@example.com", studio["id"]) for n, studio in enumerate(studios)]
    vendors.reset(state=state(users=people, subscriptions=studios))
    result = run([{"name": "Empty", "users": ["user39@example.com"]}], connection, api_concurrency=3)
    assert [item["from"] for item in result["changes"][0]["moved"]] == ["Studio 39"]
    assert result["stats"]["connections"] <= 3


# --- what is not declared -------------------------------------------------------------------------------------------


def test_what_is_in_use_is_never_purged(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = in_both([], connection, purge=True, allow_empty=True)
    assert result["unmanaged"] == [
        IN_USE,
        {"key": "Empty", "reason": "undeclared"},
        {"key": "Finance", "reason": "in_use"},
    ]
    assert [(item["key"], item["action"]) for item in result["changes"]] == [("Empty", "delete")]
    assert calls(vendors) == [f"DELETE /v3/subscriptions?subscriptionId={EMPTY}"]
    assert calls(vendors, writes=False).count("GET /v3/subscriptions") == 3, "no subscription is read by id"


def test_what_the_moves_have_emptied_is_purged_in_the_same_task(vendors: Emulator, connection: dict[str, Any]) -> None:
    entries = [{"name": "Finance", "users": [CURATOR]}, {"name": "Empty"}]
    result = in_both(entries, connection, purge=True)
    assert [(item["key"], item["action"]) for item in result["changes"]] == [
        ("Finance", "update"),
        ("Cura Torres", "delete"),
    ]
    assert not run(entries, connection, purge=True)["changed"]


def test_an_empty_one_that_users_move_into_is_not_purged(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = in_both([{"name": "Empty", "users": [ANN]}, {"name": "Finance"}], connection, purge=True)
    assert not result.get("failed"), result["msg"]
    assert named(vendors, "Empty")


def test_of_two_empty_ones_of_one_name_each_is_purged(
    vendors: Emulator, connection: dict[str, Any], no_backoff: None
) -> None:
    vendors.reset(state=state(subscriptions=[{"name": "Empty"}]))
    vendors.faults([{"method": "DELETE", "call": 1, "fault": {"kind": "reset_after"}}])
    result = run([{"name": "Finance"}], connection, purge=True)
    assert not result.get("failed"), result["msg"]
    assert result["summary"]["delete"] == 2
    assert named(vendors, "Empty") == []
    assert len(calls(vendors)) == 2


def test_an_ambiguous_name_is_not_undeclared(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.reset(state=state(subscriptions=[{"name": "Empty"}]))
    result = run([{"name": "Empty"}], connection, purge=True)
    assert result["failed"]
    assert [item["key"] for item in result["unmanaged"]] == ["Cura Torres", "Finance"]
    assert [item["action"] for item in result["changes"]] == ["update"]


def test_others_in_declared_subscriptions_are_reported(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = in_both([{"name": "Finance", "users": [ANN]}, {"name": "Empty"}], connection)
    bob = {"id": BOB, "name": "Bob Baker", "email": "bob@example.com"}
    assert result["unmanaged_members"] == [{"key": "Finance", "members": [bob]}]
    moving = run([{"name": "Finance", "users": [ANN]}, {"name": "Empty", "users": [BOB]}], connection, check=True)
    assert moving["unmanaged_members"] == []


# --- names and identities -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([{"name": "Empty"}, {"subscription_id": EMPTY}], "declared twice"),
        ([{"subscription_id": FINANCE, "name": "X"}, {"name": "X"}], "declared twice"),
        ([{"subscription_id": FINANCE, "name": "X"}, {"subscription_id": EMPTY, "name": "X"}], "to be called 'X' too"),
        ([{"subscription_id": FINANCE, "name": "Empty"}, {"name": "Empty", "state": "absent"}], "declared twice"),
        ([{"subscription_id": FINANCE, "name": "Empty"}, {"name": "Other"}], "'Empty' is taken"),
    ],
)
def test_names_that_collide(
    entries: list[dict[str, Any]], says: str, vendors: Emulator, connection: dict[str, Any]
) -> None:
    for check in (True, False):
        result = run(entries, connection, check=check)
        assert result["failed"]
        assert says in result["msg"]
    assert calls(vendors) == []


# --- keys -----------------------------------------------------------------------------------------------------------


def test_keys_of_several(vendors: Emulator, connection: dict[str, Any], tmp_path: Path) -> None:
    entries = [{"name": name, "return_secret": name != "B", "secret_file": str(tmp_path / name)} for name in "ABC"]
    result = run([{"name": "Empty"}, *entries], connection, return_objects=True)
    assert not result.get("failed"), result["msg"]
    made = {name: only(vendors, name) for name in "ABC"}
    shown = {item["name"]: item.get("api_secret") for item in result["subscriptions"]}
    assert shown == {"Empty": None, "A": made["A"]["apiSecret"], "B": None, "C": made["C"]["apiSecret"]}
    assert made["B"]["apiSecret"] not in json.dumps(result)
    for name in "ABC":
        assert json.loads((tmp_path / name).read_text())["api_key"] == made[name]["apiKey"]


def test_return_secret_needs_return_objects(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run([{"name": "A", "return_secret": True}], connection)
    assert result["failed"]
    assert "return_objects: true" in result["msg"]
    assert vendors.requests() == []


def test_two_keys_for_one_file_are_refused(vendors: Emulator, connection: dict[str, Any], tmp_path: Path) -> None:
    result = run([{"name": name, "secret_file": str(tmp_path / "keys")} for name in "AB"], connection)
    assert result["failed"]
    assert "name another file" in result["msg"]
    assert calls(vendors) == []


# --- size -----------------------------------------------------------------------------------------------------------


def test_many_are_one_listing_and_one_request_for_each_write(vendors: Emulator, connection: dict[str, Any]) -> None:
    studios = [{"id": f"66f2{n:020d}", "name": f"Studio {n}"} for n in range(150)]
    vendors.reset(state=state(subscriptions=studios))
    entries = [{"name": f"Studio {n}", "can_share_schedules": n % 2 == 0} for n in range(160)]
    result = run(entries, connection, api_concurrency=4)
    assert result["summary"] == {
        "declared": 160,
        "in_sync": 75,
        "create": 10,
        "update": 75,
        "delete": 0,
        "failed": 0,
        "unmanaged": 3,
        "listing_complete": True,
    }
    assert (result["stats"]["reads"], result["stats"]["writes"]) == (2, 85)
    assert result["stats"]["connections"] <= 4


def test_a_credential_is_asked_for_once(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"alteryx.unknown_credential": "accepted"})
    result = run([{"name": name, "credential_id": "66f0"} for name in "ABC"], connection)
    assert result["failed"]
    assert result["msg"].count("no credential '66f0'") == 3
    assert [call for call in calls(vendors, writes=False) if "credentials" in call] == ["GET /v3/credentials/66f0"]
    assert calls(vendors) == []


def test_one_failure_does_not_stop_the_others(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{"method": "PUT", "path": EMPTY, "fault": {"kind": "status", "status": 400}}])
    entries = [{"name": "Empty", "can_share_schedules": True}, {"name": "Finance", "can_share_schedules": False}]
    result = run(entries, connection)
    assert result["msg"].startswith("1 of 2 changes of subscriptions failed")
    assert {item["key"]: item["status"] for item in result["changes"]} == {"Empty": "failed", "Finance": "applied"}


# --- reading --------------------------------------------------------------------------------------------------------


def names(connection: dict[str, Any], **filters: Any) -> list[str]:
    result = run_info(SubscriptionInfo, filters, connection)
    assert not result.get("failed"), result["msg"]
    return [item["name"] for item in result["subscriptions"]]


READINGS = [
    {},
    {"alteryx.filter": "ignored"},
    {"alteryx.filter_key": "canShareSchedules"},
    {"alteryx.name_filter": "contains_case_insensitive"},
    {"alteryx.credential": "null"},
    {"alteryx.credential": "missing"},
    {"alteryx.user_count_less": "ignored"},
    {"alteryx.workflow_count_less": "at_least"},
]


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_every_filter_under_every_reading(
    reading: dict[str, str], vendors: Emulator, connection: dict[str, Any]
) -> None:
    vendors.set_switches(reading)
    everything = ["Cura Torres", "Empty", "Finance"]
    assert names(connection) == everything
    assert names(connection, name="Finance") == ["Finance"]
    assert names(connection, name="finance") == []
    assert names(connection, name="Fin") == []
    assert names(connection, subscription_id=EMPTY) == ["Empty"]
    assert names(connection, subscription_id="66f0") == []
    assert names(connection, can_share_schedules=True) == ["Finance"]
    assert names(connection, can_share_schedules=False) == ["Cura Torres", "Empty"]
    assert names(connection, default_workflow_credential_id=CREDENTIAL) == ["Empty"]
    assert names(connection, default_workflow_credential_id="") == ["Cura Torres", "Finance"]
    assert names(connection, user_count_min=1) == ["Cura Torres", "Finance"]
    assert names(connection, user_count_max=1) == ["Cura Torres", "Empty"]
    assert names(connection, user_count_min=1, user_count_max=1) == ["Cura Torres"]
    assert names(connection, workflow_count_min=1) == ["Finance"]
    assert names(connection, workflow_count_max=0) == ["Cura Torres", "Empty"]


def test_details(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_info(SubscriptionInfo, {"name": "Finance"}, connection)
    finance = {
        "id": FINANCE,
        "name": "Finance",
        "can_share_schedules": True,
        "credential_id": "",
        "user_count": 2,
        "workflow_count": 1,
    }
    assert result["subscriptions"] == [finance]
    result = run_info(SubscriptionInfo, {"details": True, "user_count_max": 2}, connection)
    members = [
        {"id": ANN, "name": "Ann Archer", "email": "ann@example.com"},
        {"id": BOB, "name": "Bob Baker", "email": "bob@example.com"},
    ]
    assert result["subscriptions"][2] == {
        **finance,
        "users": [ANN, BOB],
        "members": members,
        "workflows": [FIGURES],
    }
    assert result["subscriptions"][1]["users"] == []


@pytest.mark.parametrize("name", ["Ann@example.com", ANN])
def test_what_a_user_owns(name: str, vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_info(SubscriptionInfo, {"assets_of": name}, connection)
    assert result["assets"] == {
        "user": {"id": ANN, "email": "ann@example.com"},
        "workflows": [FIGURES],
        "schedules": [],
        "collections": [],
    }


def test_nobody_owns_nothing_known(vendors: Emulator, connection: dict[str, Any]) -> None:
    assert run_info(SubscriptionInfo, {"assets_of": "nobody@example.com"}, connection)["assets"] is None
    start = state(users=[user(1, "twice@example.com"), user(2, "Twice@example.com")])
    vendors.reset(state=start)
    result = run_info(SubscriptionInfo, {"assets_of": "twice@example.com"}, connection)
    assert result["failure"]["kind"] == "validation"
    assert "give the id" in result["msg"]


def test_reading_an_old_server_is_an_error(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"alteryx.version": "old"})
    result = run_info(SubscriptionInfo, {"subscription_id": FINANCE}, connection)
    assert result["failed"]
    assert "not available on this Server version" in result["msg"]


@pytest.mark.parametrize(
    "answer", [{"Message": "no list"}, [1], [{"id": "a"}], [{"id": "a", "name": "b", "canShareSchedules": True}]]
)
def test_a_list_of_another_shape_is_an_error(answer: Any, vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{"path": "/v3/subscriptions", "fault": {"kind": "wrong_type", "to": answer}}])
    result = run_info(SubscriptionInfo, {}, connection)
    assert result["failed"]
    assert result["failure"]["kind"] == "protocol"
