# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client makes of a server that fails, on one platform: nothing twice, nothing false, nothing hangs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import retry, session
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
    "fault",
    [
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 504},
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        {"kind": "truncate"},
    ],
    ids=str,
)
def test_a_read_is_repeated(vendors: Emulator, connection: dict[str, Any], fault: dict[str, Any]) -> None:
    vendors.faults([{**ANSWER_LISTING, "times": 2, "fault": fault}])
    result = run_info(DatasentinelUsers, {}, connection)
    assert sorted(user["email"].lower() for user in result["users"]) == sorted(emails(vendors))
    assert result["stats"]["retries"] == 2


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 503}, "server"),
        ({"kind": "status", "status": 401}, "auth"),
        ({"kind": "status", "status": 403}, "permission"),
        ({"kind": "status", "status": 404}, "not_found"),
        ({"kind": "status", "status": 429}, "rate_limit"),
        ({"kind": "reset_before"}, "connection"),
        ({"kind": "truncate"}, "connection"),
        ({"kind": "truncate", "short": True}, "protocol"),
        ({"kind": "html"}, "protocol"),
        ({"kind": "redirect", "location": "https://elsewhere.example.com/", "status": 302}, "protocol"),
        ({"kind": "big", "bytes": 50000000, "streamed": True}, "protocol"),
        ({"kind": "invalid_utf8"}, "protocol"),
        ({"kind": "wrong_type"}, "protocol"),
        ({"kind": "empty"}, "protocol"),
        ({"kind": "gzip_bomb"}, "protocol"),
    ],
    ids=str,
)
@pytest.mark.parametrize("run", [run_one, run_many], ids=["one", "many"])
def test_a_listing_that_fails_is_never_read_as_absence(
    vendors: Emulator, connection: dict[str, Any], fault: dict[str, Any], kind: str, run: Any
) -> None:
    vendors.faults([{**ANSWER_LISTING, "fault": fault}])
    options = {"users": [NEW], "purge": True, "max_deletions": "-1"} if run is run_many else NEW
    result = run(DatasentinelUsers, options, connection)
    assert result["failed"]
    assert result["failure"]["kind"] == kind, result["msg"]
    assert not result["changed"]
    assert vendors.writes() == []


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize(
    ("fault", "posts"),
    [
        # Sent and carried out, the answer lost: reading again settles it.
        ({"kind": "reset_after"}, 1),
        ({"kind": "status", "status": 503, "after": True}, 1),
        ({"kind": "truncate", "short": True}, 1),
        # Not carried out: reading again shows that, and a user's e-mail is unique, so it is sent again.
        ({"kind": "reset_before"}, 2),
        ({"kind": "status", "status": 500}, 2),
        # Not done, says the server.
        ({"kind": "status", "status": 429, "retry_after": "0"}, 2),
    ],
    ids=str,
)
def test_a_lost_answer_to_a_creation_is_settled_by_reading(
    vendors: Emulator, connection: dict[str, Any], fault: dict[str, Any], posts: int
) -> None:
    vendors.faults([{"method": "POST", "path": "/users/", "times": 1, "fault": fault}])
    result = run_one(DatasentinelUsers, NEW, connection)
    assert not result.get("failed"), result["msg"]
    assert emails(vendors).count("new@example.com") == 1
    assert len([path for path in paths(vendors, "POST") if "/users/" in path]) == posts


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
def test_a_log_in_page_instead_of_every_answer_to_a_write_changed_nothing(
    vendors: Emulator, connection: dict[str, Any]
) -> None:
    vendors.faults([{"method": "POST", "path": "/users/", "fault": {"kind": "html"}}])
    result = run_one(DatasentinelUsers, NEW, connection)
    assert result["failure"]["kind"] == "protocol"
    assert not result["changed"]
    assert "new@example.com" not in emails(vendors)


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


@pytest.mark.parametrize("form", ["2", "date:+2"])
def test_retry_after_is_honoured_in_both_forms(vendors: Emulator, connection: dict[str, Any], form: str) -> None:
    vendors.faults([{**ANSWER_LISTING, "times": 1, "fault": {"kind": "status", "status": 429, "retry_after": form}}])
    result = run_info(DatasentinelUsers, {}, connection)
    assert not result.get("failed")
    assert 0.9 <= result["stats"]["waited_s"] <= 2.1


def test_a_retry_after_beyond_the_deadline_ends_at_once(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{**ANSWER_LISTING, "fault": {"kind": "status", "status": 429, "retry_after": "60"}}])
    result = run_info(DatasentinelUsers, {}, {**connection, "api_deadline": 10})
    assert result["failure"]["kind"] == "rate_limit"
    assert "answered 429" in result["msg"]
    assert "60 seconds or more, and api_deadline leaves " in result["msg"]
    assert result["stats"]["waited_s"] == 0


def test_a_deadline_that_ends_between_two_tries_says_what_went_wrong(
    vendors: Emulator, connection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "backoff", lambda attempt: 20.0)
    vendors.faults([{**ANSWER_LISTING, "fault": {"kind": "status", "status": 503}}])
    result = run_info(DatasentinelUsers, {}, {**connection, "api_deadline": 10})
    assert result["failure"]["kind"] == "timeout"
    assert "api_deadline" in result["msg"]
    assert "answered 503" in result["msg"]
    assert result["stats"]["waited_s"] == 0


def test_a_retry_after_of_an_hour_is_not_waited_for(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{**ANSWER_LISTING, "fault": {"kind": "status", "status": 429, "retry_after": "3600"}}])
    result = run_info(DatasentinelUsers, {}, connection)
    assert result["failure"]["kind"] == "rate_limit"
    assert "3600 seconds" in result["msg"]


@pytest.mark.parametrize("kind", ["drip", "drip_headers"])
def test_an_answer_byte_by_byte_is_cut_off(vendors: Emulator, connection: dict[str, Any], kind: str) -> None:
    vendors.faults([{**ANSWER_LISTING, "fault": {"kind": kind, "bytes_per_s": 20}}])
    result = run_info(DatasentinelUsers, {}, {**connection, "api_timeout": 0.4, "api_retries": 0})
    assert result["failure"]["kind"] == "timeout"
    assert "10 × api_timeout" in result["msg"]


@pytest.mark.usefixtures("no_backoff")
def test_an_answer_cut_off_after_its_first_line_is_no_empty_answer(
    vendors: Emulator, connection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_ANSWER_TIMEOUTS", 1)
    fault = {"kind": "drip_headers", "bytes_per_s": 50}
    vendors.faults([{**ANSWER_LISTING, "times": 1, "fault": fault}])
    result = run_info(DatasentinelUsers, {}, {**connection, "api_timeout": 0.5})
    assert not result.get("failed"), result["msg"]
    assert result["stats"]["retries"] == 1


def test_a_delay_past_the_time_out(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{**ANSWER_LISTING, "fault": {"kind": "delay", "seconds": 30}}])
    result = run_info(DatasentinelUsers, {}, {**connection, "api_timeout": 0.2, "api_retries": 1})
    assert result["failure"]["kind"] == "timeout"
    assert "api_timeout" in result["msg"]
    assert result["stats"]["retries"] == 1


def test_an_expired_session_is_renewed_once_for_all_threads(vendors: Emulator, connection: dict[str, Any]) -> None:
    users = [{**NEW, "email": f"user{n}@example.com"} for n in range(40)]
    vendors.faults([{"method": "POST", "path": "/users/", "call": 10, "fault": {"kind": "expire"}}])
    result = run_many(DatasentinelUsers, {"users": users}, connection)
    assert not result.get("failed"), result["msg"]
    assert len([email for email in emails(vendors) if email.startswith("user")]) == 40
    assert len([path for path in paths(vendors, "POST") if path.endswith("/user-token")]) == 2


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


def test_a_write_that_the_deadline_cut_off_is_an_unknown_outcome(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{"method": "POST", "path": "/users/", "fault": {"kind": "delay", "seconds": 30}}])
    result = run_one(DatasentinelUsers, NEW, {**connection, "api_deadline": 1.5})
    assert result["failure"]["kind"] == "unknown_outcome"
    assert "api_deadline" in result["msg"]
    assert result["changes"][0]["status"] == "unknown"


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_log_in_says_what_to_do_whatever_its_status(
    vendors: Emulator, connection: dict[str, Any], status: int
) -> None:
    vendors.faults([{"method": "POST", "path": "/user-token", "fault": {"kind": "status", "status": status}}])
    result = run_info(DatasentinelUsers, {}, connection)
    assert result["failure"]["kind"] == "auth"
    assert "Next: check user and password" in result["msg"]
    assert (result["stats"]["requests"], result["stats"]["reads"]) == (1, 0)
