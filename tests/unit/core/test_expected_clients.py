# SPDX-License-Identifier: GPL-3.0-or-later
"""Crownpeak DQM: what is expected against what was read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core import expected_clients
from ansible_collections.dataops.access.plugins.plugin_utils.audit import report
from unit.audit.results import judged, shown

READ = {
    "user_id": "1234",
    "clients": [
        {"id": "abc", "name": "Example Corp", "status": "PROD"},
        {"id": "def", "name": "Example Shipping", "status": "TEST"},
        {"id": "ghi", "name": "", "status": "PROD"},
    ],
}


def compared(expected: list[dict[str, Any]] | None, read: dict[str, Any] | None = None) -> dict[str, Any]:
    result = expected_clients.compare_clients(expected, read or READ)
    return judged(report.tenant_record("dqm", "dqm", [{"kind": "client", "result": result}]))


def test_what_is_expected_and_there_is_clean() -> None:
    record = compared([{"id": "abc"}, {"name": "Example Shipping", "status": "TEST"}, {"id": "ghi", "status": "PROD"}])
    assert record["verdict"] == "clean"


def test_missing_differing_and_unexpected() -> None:
    record = compared([{"id": "abc", "status": "TEST"}, {"name": "Nobody"}])
    assert shown(record) == [
        ("drift", "medium", "drifted", "Example Corp"),
        ("drift", "medium", "missing", "Nobody"),
        ("unmanaged", "medium", "unmanaged", "Example Shipping"),
        ("unmanaged", "medium", "unmanaged", "ghi"),
    ]
    assert record["findings"][0]["fields"] == {"status": {"before": "PROD", "after": "TEST"}}
    assert "user interface" in record["findings"][0]["remedy"]


def test_nothing_expected_leaves_everything_unmanaged() -> None:
    assert compared(None)["counts"] == {"findings": 3, "drift": 0, "unmanaged": 3, "errors": 0, "waived": 0}


def test_a_thousand_clients_are_not_a_million_comparisons() -> None:
    looks = 0

    class Client(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            nonlocal looks
            looks += 1
            return super().__getitem__(name)

        # Nor is one compared with all others.
        __eq__ = None  # type: ignore[assignment] # so that comparing fails
        __hash__ = None  # type: ignore[assignment]

    read = [Client(id=str(number), name=f"Client {number}", status="PROD") for number in range(1_001)]
    expected = [{"id": str(number), "status": "PROD"} for number in range(1_000)]
    found = expected_clients.compare_clients(expected, {**READ, "clients": read})
    assert (found["changes"], found["unmanaged"]) == ([], [{"key": "Client 1000", "reason": "undeclared"}])
    assert looks < 5 * len(read)


def test_what_could_not_be_read_is_an_error() -> None:
    record = compared([{"id": "abc"}], {"failed": True, "msg": "401", "failure": {"kind": "auth"}})
    assert (record["verdict"], record["findings"][0]["message"]) == ("error", "401")


def test_a_user_without_an_id_is_unknown() -> None:
    users = [{"email": "ana@example.com", "clients": ["abc"]}]
    assert expected_clients.check_users(users) == []
    (unknown,) = expected_clients.compare_users(users, [{"skipped": True}])["unknown"]
    assert unknown["key"] == "ana@example.com"
    assert "accounts: {dqm: …}" in unknown["reason"]


def test_users_are_compared_whole_and_the_unreadable_are_unknown() -> None:
    users = [
        {"user_id": "1", "email": "Ana@example.com", "clients": ["Example Corp", "def", "ghi"]},
        {"user_id": "2", "email": "bo@example.com", "clients": ["abc"]},
        {"user_id": "3", "email": "cy@example.com", "clients": []},
    ]
    result = expected_clients.compare_users(users, [READ, READ, {"msg": "403", "failed": False}])
    assert [(change["key"], change["fields"]) for change in result["changes"]] == [
        ("bo@example.com", {"clients": {"before": ["Example Shipping", "abc", "ghi"], "after": ["abc"]}})
    ]
    assert result["unknown"] == [{"key": "cy@example.com", "reason": "403"}]
    # Ana alone: nobody knows of Cy.
    assert (result["summary"]["declared"], result["summary"]["in_sync"]) == (3, 1)


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ("abc", "must be a list"),
        ([{}], "give either id or name"),
        ([{"id": "a", "name": "b"}], "give either id or name"),
        (["abc"], "takes id or name"),
        ([{"id": "a", "state": "PROD"}], "takes id or name"),
        ([{"id": "a"}, {"id": "a", "status": "PROD"}], "the same client is expected in entry 1"),
    ],
)
def test_a_wrong_expectation_of_clients_is_named(expected: Any, says: str) -> None:
    assert says in "; ".join(expected_clients.check_clients(expected))


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ({}, "must be a list"),
        ([{"user_id": 1, "clients": []}], "takes user_id, email and clients"),
        ([{"user_id": 1, "email": "ana", "clients": []}], "is no e-mail address"),
        ([{"user_id": 1, "email": "ana@example.com", "clients": "all"}], "must be a list of ids or names"),
        ([{"user_id": n, "email": "ana@example.com", "clients": []} for n in (1, "1")], "same user"),
    ],
)
def test_a_wrong_expectation_of_users_is_named(expected: Any, says: str) -> None:
    assert says in "; ".join(expected_clients.check_users(expected))


def test_what_is_right_is_not_complained_about() -> None:
    assert expected_clients.check_clients([{"id": "a"}, {"name": "a", "status": "PROD"}]) == []
    assert expected_clients.check_users([{"user_id": 1, "email": "ana@example.com", "clients": ["a"]}]) == []
    # Whose id nobody knows yet.
    assert expected_clients.check_users([{"email": "ana@example.com", "clients": []}]) == []
