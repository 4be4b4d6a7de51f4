# SPDX-License-Identifier: GPL-3.0-or-later
"""One Alteryx subscription: what its life does not show."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions
from emulator.server import Emulator
from unit.road import run_one
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


@pytest.fixture
def connection(vendors: Emulator) -> dict[str, Any]:
    return dict(vendors.connections["alteryx"])


def run(options: dict[str, Any], connection: dict[str, Any], check: bool = False) -> dict[str, Any]:
    return run_one(Subscriptions, options, connection, check)


# --- fields ---------------------------------------------------------------------------------------------------------


def test_create(vendors: Emulator, connection: dict[str, Any]) -> None:
    options = {"name": "New", "can_share_schedules": True, "credential_id": CREDENTIAL, "users": ["ANN@example.com"]}
    planned = run(options, connection, check=True)
    result = run(options, connection)
    made = only(vendors, "New")
    assert (made["canShareSchedules"], made["credentialId"], made["users"]) == (True, CREDENTIAL, [ANN])
    assert calls(vendors) == ["POST /v3/subscriptions", f"PUT /v3/subscriptions/{made['id']}/users"]
    members = [{"id": ANN, "name": "Ann Archer", "email": "ann@example.com"}]
    assert result["subscription"] == {
        "id": made["id"],
        "name": "New",
        "can_share_schedules": True,
        "credential_id": CREDENTIAL,
        "users": [ANN],
        "members": members,
        "workflows": [],
    }
    assert planned["subscription"] == {key: value for key, value in result["subscription"].items() if key != "id"}
    assert planned["diff"] == result["diff"]


def test_update_sends_what_was_not_declared_as_it_was(vendors: Emulator, connection: dict[str, Any]) -> None:
    before = only(vendors, "Empty")
    run({"name": "Empty", "can_share_schedules": True}, connection)
    assert only(vendors, "Empty") == {**before, "canShareSchedules": True}
    assert calls(vendors) == [f"PUT /v3/subscriptions/{EMPTY}"]


def test_where_an_update_goes_is_found_out_once(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"alteryx.put_path": "singular"})
    result = run({"name": "Empty", "can_share_schedules": True}, connection)
    assert not result.get("failed"), result["msg"]
    assert calls(vendors) == [f"PUT /v3/subscriptions/{EMPTY}", f"PUT /v3/subscription/{EMPTY}"]
    assert only(vendors, "Empty")["canShareSchedules"] is True


def test_delete_names_the_id_in_the_query(vendors: Emulator, connection: dict[str, Any]) -> None:
    assert run({"name": "Empty", "state": "absent"}, connection)["subscription"] is None
    assert calls(vendors) == [f"DELETE /v3/subscriptions?subscriptionId={EMPTY}"]
    assert named(vendors, "Empty") == []


def test_nothing_more_is_read_than_needed(vendors: Emulator, connection: dict[str, Any]) -> None:
    run({"name": "Empty", "state": "absent"}, connection, check=True)
    assert calls(vendors, writes=False) == ["GET /v3/subscriptions"], "an empty subscription is not asked for contents"
    vendors.reset()
    run({"name": "Finance", "users": ["ann@example.com", BOB]}, connection)
    assert calls(vendors, writes=False) == [
        "GET /v3/subscriptions",
        f"GET /v3/subscriptions/{FINANCE}",
        "GET /v3/users",
    ]


def test_a_similar_name_is_pointed_out(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run({"name": "finance"}, connection)
    assert any("beside 'Finance'" in warning for warning in result["warnings"])
    assert len(named(vendors, "finance")) == 1


# --- identity -------------------------------------------------------------------------------------------------------


def test_two_of_one_name_are_never_guessed(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.reset(state=state(subscriptions=[{"id": "66f0000000000000000000b3", "name": "Finance"}]))
    for options in ({"can_share_schedules": False}, {"state": "absent"}):
        result = run({"name": "Finance", **options}, connection)
        assert result["failed"]
        assert f"({FINANCE}, 66f0000000000000000000b3)" in result["msg"]
    result = run({"subscription_id": "66f0000000000000000000b3", "state": "absent"}, connection)
    assert not result.get("failed"), result["msg"]
    assert [item["id"] for item in named(vendors, "Finance")] == [FINANCE]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "name, subscription_id"),
        ({"name": ""}, "1 to 255"),
        ({"name": "x" * 256}, "1 to 255"),
        ({"name": " Finance"}, "blanks around"),
        ({"name": "Finance", "users": []}, "users: an empty list"),
        ({"name": "Finance", "users": ["ann@"]}, "users: 'ann@' is no e-mail"),
        ({"name": "Finance", "users": ["../a2"]}, "users: '../a2' holds a slash"),
        ({"subscription_id": "b1/users"}, "subscription_id: 'b1/users' holds a slash"),
        ({"name": "Finance", "credential_id": ".."}, "credential_id: '..'"),
    ],
)
def test_bad_options_are_refused_before_anything_is_sent(
    options: dict[str, Any], says: str, vendors: Emulator, connection: dict[str, Any]
) -> None:
    result = run(options, connection)
    assert result["failed"]
    assert says in result["msg"]
    assert result["failure"]["kind"] == "validation"
    assert vendors.requests() == []


# --- users ----------------------------------------------------------------------------------------------------------


def test_a_move_is_shown_from_and_to(vendors: Emulator, connection: dict[str, Any]) -> None:
    options = {"name": "Empty", "users": ["ann@example.com", "curator@example.com"]}
    planned = run(options, connection, check=True)
    result = run(options, connection)
    private = only(vendors, "Cura Torres")["id"]
    moved = result["changes"][0]["moved"]
    assert moved == [
        {
            "id": CURATOR,
            "name": "Cura Torres",
            "email": "curator@example.com",
            "from": "Cura Torres",
            "from_id": private,
            "to": "Empty",
        },
        {
            "id": ANN,
            "name": "Ann Archer",
            "email": "ann@example.com",
            "from": "Finance",
            "from_id": FINANCE,
            "to": "Empty",
        },
    ]
    assert planned["changes"][0]["moved"] == moved
    assert planned["warnings"] == result["warnings"]
    assert any("stay behind" in text and "from 'Finance'" in text for text in result["warnings"])
    assert calls(vendors) == [f"PUT /v3/subscriptions/{EMPTY}/users"], "one call for all"
    assert only(vendors, "Empty")["users"] == [CURATOR, ANN]
    assert only(vendors, "Finance")["users"] == [BOB]


def test_others_are_reported_and_stay(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run({"name": "Finance", "users": [ANN]}, connection)
    assert not result["changed"]
    assert result["unmanaged_members"] == [{"id": BOB, "name": "Bob Baker", "email": "bob@example.com"}]
    assert run({"name": "Finance"}, connection)["unmanaged_members"] == []


def test_letters_that_only_fold_alike_are_two_people(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.reset(state=state(users=[user(1, "STRASSE@example.com")]))
    result = run({"name": "New", "users": ["straße@example.com"]}, connection)
    assert "no user of this server has the e-mail 'straße@example.com'" in result["msg"]
    assert calls(vendors) == []


def test_an_email_of_two_users_is_refused(vendors: Emulator, connection: dict[str, Any]) -> None:
    twin = user(1, "Ann@Example.com", isActive=False)
    vendors.reset(state=state(users=[twin]))
    result = run({"name": "Empty", "users": ["ann@example.com"]}, connection)
    assert result["failed"]
    assert f"2 users of this server have the e-mail 'ann@example.com' ({ANN}, {twin['id']})" in result["msg"]
    assert calls(vendors) == []


def test_a_user_whom_the_list_leaves_out_is_asked_for_by_id(vendors: Emulator, connection: dict[str, Any]) -> None:
    users = [{"id": CURATOR, "firstName": "Cura", "lastName": "Torres", "email": "curator@example.com"}]
    vendors.faults([{"path": "/v3/users$", "fault": {"kind": "wrong_type", "to": users}}])
    result = run({"name": "Empty", "users": [ANN]}, connection)
    assert not result.get("failed"), result["msg"]
    assert f"GET /v3/users/{ANN}" in calls(vendors, writes=False)
    assert only(vendors, "Empty")["users"] == [ANN]


def test_all_that_is_wrong_with_users_is_said_at_once(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run({"name": "Empty", "users": ["x@example.com", "y@example.com"], "credential_id": "z"}, connection)
    assert all(f"'{text}'" in result["msg"] for text in ("x@example.com", "y@example.com", "z"))
    assert calls(vendors) == []


def test_users_who_are_in_place_when_the_answer_was_lost(
    vendors: Emulator, connection: dict[str, Any], no_backoff: None
) -> None:
    vendors.faults([{"method": "PUT", "path": "/users$", "times": 1, "fault": {"kind": "reset_after"}}])
    result = run({"name": "Empty", "users": [ANN]}, connection)
    assert not result.get("failed"), result["msg"]
    assert calls(vendors) == [f"PUT /v3/subscriptions/{EMPTY}/users"]


def test_a_move_that_the_server_drops_is_a_failure(
    vendors: Emulator, connection: dict[str, Any], no_backoff: None
) -> None:
    vendors.faults([{"method": "PUT", "path": "/users$", "fault": {"kind": "html"}}])
    result = run({"name": "Empty", "users": [ANN]}, connection)
    assert result["failed"]
    assert only(vendors, "Empty")["users"] == []


# --- removal --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False])
def test_what_holds_users_or_workflows_is_not_removed(
    check: bool, vendors: Emulator, connection: dict[str, Any]
) -> None:
    result = run({"name": "Finance", "state": "absent"}, connection, check)
    assert result["failed"]
    assert all(text in result["msg"] for text in (ANN, "bob@example.com", FIGURES["name"], FIGURES["id"]))
    assert calls(vendors) == []


def test_who_moved_in_after_the_plan_is_named(vendors: Emulator, connection: dict[str, Any]) -> None:
    stale = [{"id": FINANCE, "name": "Finance", "canShareSchedules": True, "userCount": 0, "workflowCount": 0}]
    vendors.faults([{"path": "/v3/subscriptions$", "fault": {"kind": "wrong_type", "to": stale}}])
    result = run({"name": "Finance", "state": "absent"}, connection)
    assert result["failed"]
    assert result["failure"]["kind"] == "conflict"
    assert "Ann Archer" in result["msg"]
    assert FIGURES["name"] in result["msg"]


def test_a_subscription_that_is_gone_already(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 404, "after": True}}])
    result = run({"name": "Empty", "state": "absent"}, connection)
    assert not result.get("failed"), result["msg"]


def test_404_alone_does_not_prove_that_it_is_gone(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 404}}])
    result = run({"name": "Empty", "state": "absent"}, connection)
    assert result["failed"]
    assert "was not kept" in result["msg"]


# --- creation and its keys ------------------------------------------------------------------------------------------


def test_keys_are_saved_and_not_returned(vendors: Emulator, connection: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    options = {"name": "New", "secret_file": str(file)}
    assert not run(options, connection, check=True).get("failed")
    assert not file.exists()
    result = run(options, connection)
    made = only(vendors, "New")
    assert json.loads(file.read_text()) == {"api_key": made["apiKey"], "api_secret": made["apiSecret"]}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made["apiKey"] not in json.dumps(result)
    assert made["apiSecret"] not in json.dumps(result)
    file.unlink()
    assert any("cannot be read again" in text for text in run(options, connection)["warnings"])


def test_keys_are_returned_on_request_alone(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run({"name": "New", "return_secret": True}, connection)
    made = only(vendors, "New")
    assert result["subscription"]["api_key"] == made["apiKey"]
    assert result["subscription"]["api_secret"] == made["apiSecret"]
    again = run({"name": "New", "return_secret": True}, connection)
    assert "api_key" not in again["subscription"]


def test_keys_are_returned_even_where_reading_back_fails(
    vendors: Emulator, connection: dict[str, Any], no_backoff: None
) -> None:
    vendors.faults(
        [{"method": "GET", "path": "/v3/subscriptions$", "call": [2, 3, 4, 5, 6], "fault": {"kind": "html"}}]
    )
    result = run({"name": "New", "return_secret": True}, connection)
    assert result["failed"]
    assert result["subscription"]["api_secret"] == only(vendors, "New")["apiSecret"]


@pytest.mark.parametrize("check", [True, False])
def test_a_file_that_cannot_be_written_is_found_in_the_plan(
    check: bool, vendors: Emulator, connection: dict[str, Any], tmp_path: Path
) -> None:
    result = run({"name": "New", "secret_file": str(tmp_path / "no" / "keys.json")}, connection, check)
    assert result["failed"]
    assert "secret_file" in result["msg"]
    assert calls(vendors) == []


def test_a_file_that_fails_after_all(
    vendors: Emulator, connection: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run({"name": "New", "secret_file": str(tmp_path / "keys.json")}, connection)
    assert result["failed"]
    assert "was created" in result["msg"]
    assert "No space left" in result["msg"]
    assert only(vendors, "New")["apiSecret"] not in json.dumps(result)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("asked", [{"return_secret": True}, {"secret_file": "keys.json"}])
def test_keys_of_a_lost_answer_cannot_be_read_again(
    asked: dict[str, Any],
    vendors: Emulator,
    connection: dict[str, Any],
    no_backoff: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    vendors.faults([{"method": "POST", "path": "/v3/subscriptions", "fault": {"kind": "reset_after"}}])
    result = run({"name": "New", "users": [ANN], **asked}, connection)
    assert result["failed"]
    assert "was created" in result["msg"]
    assert "cannot be read again" in result["msg"]
    assert len(named(vendors, "New")) == 1
    vendors.faults([])
    assert not run({"name": "New", "users": [ANN], **asked}, connection).get("failed")
    assert only(vendors, "New")["users"] == [ANN]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_after"},
        {"kind": "truncate"},
        {"kind": "status", "status": 502, "after": True},
        {"kind": "empty"},
        {"kind": "wrong_type"},
        {"kind": "invalid_utf8"},
    ],
)
def test_a_creation_is_found_whatever_its_answer(
    fault: dict[str, Any], vendors: Emulator, connection: dict[str, Any], no_backoff: None
) -> None:
    vendors.faults([{"method": "POST", "path": "/v3/subscriptions", "fault": fault}])
    result = run({"name": "New", "users": [ANN]}, connection)
    assert not result.get("failed"), result["msg"]
    assert only(vendors, "New")["users"] == [ANN], "made once, and gone on with"
    assert [text for text in result["warnings"] if "cannot be read again" in text]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_creation_goes_on_after_its_move_was_lost(
    kind: str, vendors: Emulator, connection: dict[str, Any], no_backoff: None
) -> None:
    vendors.faults([{"method": "PUT", "path": "/users$", "times": 1, "fault": {"kind": kind}}])
    result = run({"name": "New", "users": [ANN]}, connection)
    assert not result.get("failed"), result["msg"]
    assert [call.split(" ")[0] for call in calls(vendors)] == ["POST", "PUT", "PUT"][
        : 3 if kind == "reset_before" else 2
    ]
    assert only(vendors, "New")["users"] == [ANN]


def test_a_creation_is_never_sent_twice(vendors: Emulator, connection: dict[str, Any], no_backoff: None) -> None:
    vendors.faults([{"method": "POST", "path": "/v3/subscriptions", "fault": {"kind": "reset_before"}}])
    result = run({"name": "New"}, connection)
    assert result["failed"]
    assert result["failure"]["kind"] == "unknown_outcome"
    assert result["changes"][0]["status"] == "unknown"
    assert calls(vendors) == ["POST /v3/subscriptions"]


# --- connection -----------------------------------------------------------------------------------------------------


def test_an_api_token_needs_no_log_in(vendors: Emulator, connection: dict[str, Any]) -> None:
    token = {"api_url": connection["api_url"], "api_token": "fake-alteryx-api-token"}
    result = run({"name": "Finance"}, token)
    assert not result.get("failed"), result["msg"]
    assert not any(item["path"].endswith("/oauth2/token") for item in vendors.requests())


@pytest.mark.parametrize("way", ["basic", "form"])
def test_both_ways_to_log_in(way: str, vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"alteryx.client_auth": way})
    vendors.faults([{"path": "/v3/users", "times": 1, "fault": {"kind": "expire"}}])
    result = run({"name": "Finance", "users": [ANN]}, connection)
    assert not result.get("failed"), result["msg"]
    tried = [item["status"] for item in vendors.requests() if item["path"].endswith("/oauth2/token")]
    assert tried == ([200, 200] if way == "basic" else [400, 200, 200]), "the way that works is kept for renewals"


@pytest.mark.parametrize("answer", ["400", "401", "401_empty"])
def test_wrong_credentials(answer: str, vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"alteryx.token_error": answer})
    result = run({"name": "Finance"}, {**connection, "client_secret": "a wrong secret"})
    assert result["failed"]
    assert result["failure"]["kind"] == "auth"
    assert "client_id and client_secret" in result["msg"]
    assert "a wrong secret" not in json.dumps(result)


@pytest.mark.parametrize("status", ["401", "403"])
def test_a_user_who_is_no_curator(status: str, vendors: Emulator, connection: dict[str, Any]) -> None:
    client = {"client_id": "ann-key", "client_secret": "ann-secret", "user": ANN}
    vendors.reset(state=state(clients=[client]), switches={"alteryx.non_curator": status})
    result = run({"name": "Finance"}, {**connection, "client_id": "ann-key", "client_secret": "ann-secret"})
    assert result["failed"]
    assert result["failure"]["kind"] == ("auth" if status == "401" else "permission")
    assert "Curator" in result["msg"]


@pytest.mark.parametrize("wanted", ["present", "absent"])
def test_an_old_server_does_not_count_as_an_empty_one(
    wanted: str, vendors: Emulator, connection: dict[str, Any]
) -> None:
    vendors.set_switches({"alteryx.version": "old"})
    result = run({"name": "Finance", "state": wanted}, connection)
    assert result["failed"]
    assert result["failure"]["kind"] == "not_found"
    assert "not available on this Server version" in result["msg"]
    assert calls(vendors) == []
