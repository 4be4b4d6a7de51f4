# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated DBSync Partner API: its methods and its two counts."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.server import Emulator
from unit.emulator.dbsync_client import DBSyncClient

YEAR = 365 * 86400


@pytest.fixture
def dbsync(emulator: Emulator) -> DBSyncClient:
    return DBSyncClient(emulator)


def test_registering_counts_twice_and_unregistering_gives_only_one_back(dbsync: DBSyncClient) -> None:
    assert dbsync.counts() == (3, 3)
    assert dbsync("registerUser", "Acme", "new").json()["endUserName"] == "new"
    assert dbsync.counts() == (4, 4)
    assert dbsync("unregisterUser", "Acme", "new").json() == {"success": True}
    assert dbsync.counts() == (3, 4)
    dbsync("registerUser", "Acme", "new")
    assert dbsync.counts() == (4, 5)


def test_the_annual_quota_ends_registration_even_where_no_user_is_active(dbsync: DBSyncClient) -> None:
    partner = {"app_key": "k", "app_token": "t", "annual_quota": 1}
    dbsync.emulator.reset(state={"dbsync": {"partners": [partner]}})
    dbsync.credentials = {"partnerAppKey": "k", "partnerAppToken": "t"}
    assert dbsync("registerUser", "Acme", "one").status_code == 200
    assert dbsync("unregisterUser", "Acme", "one").status_code == 200
    refused = dbsync("registerUser", "Acme", "two")
    assert (refused.status_code, "quota" in refused.json()["error"]) == (403, True)
    assert dbsync.counts() == (0, 1)


def test_license_details_filters_by_company_and_name(dbsync: DBSyncClient) -> None:
    assert dbsync.names() == ["ann@example.com", "bob@example.com", "cyd@example.com"]
    assert dbsync.names("Acme") == ["ann@example.com", "bob@example.com"]
    assert dbsync.names("Acme", "bob@example.com") == ["bob@example.com"]
    assert dbsync.names("Globex", "bob@example.com") == []


def test_a_name_may_be_registered_in_two_companies(dbsync: DBSyncClient) -> None:
    assert dbsync("registerUser", "Globex", "ann@example.com").status_code == 200
    assert dbsync.names(name="ann@example.com") == ["ann@example.com"] * 2


def test_authenticate_user_shows_a_valid_licence_and_refuses_an_expired_one(dbsync: DBSyncClient) -> None:
    assert dbsync("authenticateUser", "Acme", "ann@example.com").json()["active"] is True
    dbsync.emulator.clock_advance(YEAR + 60)
    assert dbsync("authenticateUser", "Acme", "ann@example.com").status_code == 403


def test_wrong_credentials_are_refused_by_every_method(dbsync: DBSyncClient) -> None:
    dbsync.credentials["partnerAppToken"] = "wrong"
    for method in ("registerUser", "unregisterUser", "authenticateUser", "licenseDetails"):
        assert dbsync(method, "Acme", "x").status_code == 401
    assert dbsync.counts() == (3, 3)


def test_partners_see_their_own_users_only(dbsync: DBSyncClient) -> None:
    users = [{"company": "Acme", "name": "zoe", "expires": "2199-01-01"}]
    partners = [{"app_key": "a", "app_token": "b"}, {"app_key": "c", "app_token": "d", "users": users}]
    dbsync.emulator.reset(state={"dbsync": {"partners": partners}})
    dbsync.credentials = {"partnerAppKey": "a", "partnerAppToken": "b"}
    assert dbsync.names() == []
    dbsync.credentials = {"partnerAppKey": "c", "partnerAppToken": "d"}
    assert dbsync.names() == ["zoe"]


@pytest.mark.parametrize(
    "body",
    [
        {"endUserCompany": "Acme"},
        {"endUserCompany": "Acme", "endUserName": " "},
        {"endUserCompany": "Acme", "endUserName": 7},
        {"endUserCompany": "Acme", "endUserName": "x", "userName": "x"},
    ],
)
def test_what_no_document_allows_is_refused_and_complained_about(dbsync: DBSyncClient, body: dict[str, Any]) -> None:
    assert dbsync.post("/registerUser", {**dbsync.credentials, **body}).status_code == 400
    assert len(dbsync.emulator.complaints()) == 1
    assert dbsync.counts() == (3, 3)


def test_only_the_two_registering_methods_are_writes(dbsync: DBSyncClient) -> None:
    for method in ("licenseDetails", "authenticateUser", "registerUser", "unregisterUser"):
        dbsync(method, "Acme", "new")
    assert [request["path"].rpartition("/")[2] for request in dbsync.emulator.writes()] == [
        "registerUser",
        "unregisterUser",
    ]


def test_the_state_that_is_shown_can_be_loaded_again(dbsync: DBSyncClient) -> None:
    dbsync("registerUser", "Acme", "new")
    shown = dbsync.emulator.state("dbsync")
    dbsync.emulator.reset(state={"dbsync": shown})
    assert dbsync.emulator.state("dbsync") == shown


def test_an_unknown_key_in_the_state_is_an_error(dbsync: DBSyncClient) -> None:
    with pytest.raises(ValueError, match="dbsync user: unknown"):
        dbsync.emulator.reset(
            state={"dbsync": {"partners": [{"app_key": "a", "app_token": "b", "users": [{"username": "x"}]}]}}
        )
