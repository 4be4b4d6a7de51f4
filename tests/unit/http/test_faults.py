# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that fail, beside what tests/faults goes through on every platform."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

NEW = {"email": "new@example.com", "password": "a password", "privilege": "read", "profile": "developer", "roles": []}
ANSWER_LISTING = {"method": "GET", "path": "/users$"}


@pytest.fixture
def connection(vendors: Emulator) -> dict[str, Any]:
    return {**vendors.connections["datasentinel"], "api_timeout": 30}


def emails(vendors: Emulator) -> list[str]:
    return [user["email"].lower() for user in vendors.state("datasentinel")["users"]]


def paths(vendors: Emulator, method: str) -> list[str]:
    return [request["path"] for request in vendors.requests() if request["method"] == method]


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize(
    ("fault", "puts", "kind"),
    [
        ({"times": 1, "fault": {"kind": "status", "status": 500}}, 2, None),
        ({"fault": {"kind": "status", "status": 500}}, 3, "server"),
        ({"fault": {"kind": "reset_after"}}, 1, None),
    ],
    ids=["once", "lasting", "after"],
)
def test_a_password_whose_answer_is_lost_is_tried_since_no_reading_shows_it(
    vendors: Emulator, connection: dict[str, Any], fault: dict[str, Any], puts: int, kind: str | None
) -> None:
    run_one(DatasentinelUsers, NEW, connection)
    vendors.faults([{"method": "PUT", **fault}])
    changed = {"email": NEW["email"], "password": "another", "update_password": "always"}
    result = run_one(DatasentinelUsers, changed, connection)
    assert result.get("failure", {}).get("kind") == kind, result
    assert len(paths(vendors, "PUT")) == puts
    held = {user["email"]: user["password"] for user in vendors.state("datasentinel")["users"]}
    assert (held["new@example.com"] == "another") == (kind is None)


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize(("ignored", "roles"), [("no", ["reporting"]), ("yes", ["billing"])])
def test_a_reading_that_fails_after_a_write_does_not_make_it_undone(
    vendors: Emulator, connection: dict[str, Any], ignored: str, roles: list[str]
) -> None:
    run_one(DatasentinelUsers, {**NEW, "roles": ["billing"]}, connection)
    vendors.set_switches({"datasentinel.put_ignores_roles": ignored})
    vendors.faults([{"method": "GET", "path": "/users/new@", "fault": {"kind": "status", "status": 503}}])
    both = {"email": NEW["email"], "privilege": "admin", "roles": ["reporting"]}
    result = run_one(DatasentinelUsers, both, connection)
    held = next(user for user in vendors.state("datasentinel")["users"] if user["email"] == NEW["email"])
    assert (held["privilege"], held["roles"]) == ("admin", roles)
    assert result["changed"]
    assert result["changes"][0]["status"] == ("applied" if ignored == "no" else "failed")


@pytest.mark.usefixtures("no_backoff")
def test_what_was_done_under_a_lost_answer_is_a_change_although_the_rest_fails(
    vendors: Emulator, connection: dict[str, Any]
) -> None:
    run_one(DatasentinelUsers, {**NEW, "roles": ["billing"]}, connection)
    vendors.faults(
        [
            {"method": "POST", "path": "/role/", "fault": {"kind": "reset_after"}},
            {"method": "DELETE", "path": "/role/", "fault": {"kind": "status", "status": 403}},
        ]
    )
    result = run_one(DatasentinelUsers, {"email": NEW["email"], "roles": ["reporting"]}, connection)
    held = next(user for user in vendors.state("datasentinel")["users"] if user["email"] == NEW["email"])
    assert sorted(held["roles"]) == ["billing", "reporting"]
    assert result["failure"]["kind"] == "permission"
    assert result["changed"]


@pytest.mark.usefixtures("no_backoff")
def test_a_lost_answer_that_cannot_be_settled_is_an_unknown_outcome(
    vendors: Emulator, connection: dict[str, Any]
) -> None:
    vendors.faults(
        [
            {"method": "POST", "path": "/users/", "fault": {"kind": "reset_after"}},
            {**ANSWER_LISTING, "call": [2, 3, 4, 5, 6, 7], "fault": {"kind": "status", "status": 503}},
        ]
    )
    result = run_one(DatasentinelUsers, NEW, connection)
    assert result["failure"]["kind"] == "unknown_outcome"
    assert result["changes"][0]["status"] == "unknown"
    assert result["changed"]


@pytest.mark.usefixtures("no_backoff")
def test_one_failing_object_does_not_stop_the_others(vendors: Emulator, connection: dict[str, Any]) -> None:
    users = [{**NEW, "email": f"user{n}@example.com"} for n in range(20)]
    vendors.faults([{"method": "POST", "path": "/users/user7@", "fault": {"kind": "status", "status": 400}}])
    result = run_many(DatasentinelUsers, {"users": users}, connection)
    assert result["failed"]
    assert result["msg"].startswith("1 of 20 changes of users failed: user7@example.com")
    assert {change["status"] for change in result["changes"] if change["key"] != "user7@example.com"} == {"applied"}
    assert result["summary"]["failed"] == 1
    assert len([email for email in emails(vendors) if email.startswith("user")]) == 19


@pytest.mark.parametrize("kind", ["drip", "drip_headers"])
def test_an_answer_byte_by_byte_is_cut_off(vendors: Emulator, connection: dict[str, Any], kind: str) -> None:
    vendors.faults([{**ANSWER_LISTING, "fault": {"kind": kind, "bytes_per_s": 20}}])
    result = run_info(DatasentinelUsers, {}, {**connection, "api_timeout": 0.4, "api_retries": 0})
    assert result["failure"]["kind"] == "timeout"
    assert "10 × api_timeout" in result["msg"]


def test_five_hundred_users_cost_one_listing_and_a_write_each(vendors: Emulator, connection: dict[str, Any]) -> None:
    users = [{**NEW, "email": f"user{n:03}@example.com"} for n in range(500)]
    first = run_many(DatasentinelUsers, {"users": users[:450]}, connection)
    assert not first.get("failed"), first["msg"]
    mark = len(vendors.requests())
    result = run_many(DatasentinelUsers, {"users": users, "api_concurrency": 4}, connection)
    requests = vendors.requests(since=mark)
    listings = [request for request in requests if request["path"].endswith("/users")]
    # One listing to plan by, one to prove what was written.
    assert len(listings) == 2
    assert len([request for request in requests if request["write"]]) == 50
    assert len(requests) == 1 + 2 + 50
    assert len({request["connection"] for request in requests}) <= 4
    assert result["stats"]["connections"] <= 4
    mark = len(vendors.requests())
    again = run_many(DatasentinelUsers, {"users": users}, connection)
    assert not again["changed"]
    assert [request["path"].rsplit("/", 1)[1] for request in vendors.requests(since=mark)] == ["user-token", "users"]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_log_in_says_what_to_do_whatever_its_status(
    vendors: Emulator, connection: dict[str, Any], status: int
) -> None:
    vendors.faults([{"method": "POST", "path": "/user-token", "fault": {"kind": "status", "status": status}}])
    result = run_info(DatasentinelUsers, {}, connection)
    assert result["failure"]["kind"] == "auth"
    assert "Next: check api_username and api_password" in result["msg"]
    assert (result["stats"]["requests"], result["stats"]["reads"]) == (1, 0)


def test_a_module_leaves_no_thread_behind(vendors: Emulator, connection: dict[str, Any]) -> None:
    assert vendors.requests() == []
    before = {thread for thread in threading.enumerate() if thread.name == "answer-watchdog"}
    for _time in range(3):
        assert not run_info(DatasentinelUsers, {}, connection).get("failed")
    for thread in set(threading.enumerate()) - before:
        if thread.name == "answer-watchdog":
            thread.join(10)
            assert not thread.is_alive()
