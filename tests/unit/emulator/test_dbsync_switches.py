# SPDX-License-Identifier: GPL-3.0-or-later
"""Each value of each of DBSync's switches does what it says."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from emulator.dbsync import DBSync
from emulator.dbsync_answers import ACTIVE, MARKERS, NAMES
from emulator.server import Emulator
from unit.emulator.dbsync_client import DBSyncClient
from unit.emulator.switch_cases import SwitchCases

ANN = "ann@example.com"
cases = SwitchCases(DBSync)


@pytest.fixture
def switches() -> dict[str, str]:
    return {}


@pytest.fixture
def dbsync(emulator: Emulator, switches: dict[str, str]) -> DBSyncClient:
    emulator.set_switches(switches)
    return DBSyncClient(emulator)


def ann(dbsync: DBSyncClient) -> Any:
    return dbsync("licenseDetails", "Acme", ANN).json()


@cases("style", {"path": (200, 404), "single": (404, 200)})
def test_style(dbsync: DBSyncClient, expected: tuple[int, int]) -> None:
    by_path = dbsync("licenseDetails")
    by_query = dbsync.post("?method=licenseDetails", dbsync.credentials)
    assert (by_path.status_code, by_query.status_code) == expected
    assert not dbsync.emulator.writes()
    assert not dbsync.emulator.complaints()


def test_single_style_knows_which_methods_are_writes(dbsync: DBSyncClient) -> None:
    dbsync.set(style="single")
    dbsync.post("?method=registerUser", {**dbsync.credentials, "endUserCompany": "A", "endUserName": "n"})
    dbsync.post("?method=licenseDetails", dbsync.credentials)
    assert [request["write"] for request in dbsync.emulator.requests()] == [True, False]


@cases("register_existing", {"error": (409, (3, 3)), "idempotent": (200, (3, 3)), "counts_again": (200, (3, 4))})
def test_register_existing(dbsync: DBSyncClient, expected: tuple[int, tuple[int, int]]) -> None:
    assert (dbsync("registerUser", "Acme", ANN).status_code, dbsync.counts()) == expected


@cases("reregister", {"counts": (3, 4), "free": (3, 3)})
def test_reregister(dbsync: DBSyncClient, expected: tuple[int, int]) -> None:
    dbsync.set(after_unregister="inactive")
    dbsync("unregisterUser", "Acme", ANN)
    dbsync("registerUser", "Acme", ANN)
    assert dbsync.counts() == expected


@cases("after_unregister", {"gone": [], "inactive": [False]})
def test_after_unregister(dbsync: DBSyncClient, expected: list[bool]) -> None:
    dbsync("unregisterUser", "Acme", ANN)
    assert [record["active"] for record in ann(dbsync)] == expected


@cases("unregister_absent", {"error": 404, "ok": 200})
def test_unregister_absent(dbsync: DBSyncClient, expected: int) -> None:
    assert dbsync("unregisterUser", "Acme", "nobody").status_code == expected
    assert dbsync.counts() == (3, 3)


@cases("authenticate", {"error": (403, None), "record": (200, False), "flag": (200, None)})
def test_authenticate(dbsync: DBSyncClient, expected: tuple[int, bool | None]) -> None:
    dbsync.set(after_unregister="inactive")
    dbsync("unregisterUser", "Acme", ANN)
    answer = dbsync("authenticateUser", "Acme", ANN)
    assert (answer.status_code, answer.json().get("active")) == expected
    assert answer.json().get("authenticated", False) is False


@cases("filter", {"honoured": 1, "company": 2, "ignored": 3})
def test_filter(dbsync: DBSyncClient, expected: int) -> None:
    assert len(ann(dbsync)) == expected


@cases("listing", {"all": (200, 3), "active": (200, 2), "refused": (400, None)})
def test_listing(dbsync: DBSyncClient, expected: tuple[int, int | None]) -> None:
    dbsync.set(after_unregister="inactive")
    dbsync("unregisterUser", "Acme", ANN)
    for answer in (dbsync("licenseDetails"), dbsync("licenseDetails", name="")):
        assert (answer.status_code, len(answer.json()) if answer.status_code == 200 else None) == expected
    assert len(ann(dbsync)) == 1


@cases("name_required", {"no": (200, ""), "yes": (400, "endUserName")})
def test_name_required(dbsync: DBSyncClient, expected: tuple[int, str]) -> None:
    refused = dbsync("licenseDetails")
    assert (refused.status_code, expected[1] in refused.text) == (expected[0], True)
    assert dbsync("licenseDetails", name="").status_code == 200
    assert not dbsync.emulator.complaints()


@cases("no_match", {"empty": (200, []), "null": (200, None), "object": (200, {}), "error": (404, ...)})
def test_no_match(dbsync: DBSyncClient, expected: tuple[int, Any]) -> None:
    answer = dbsync("licenseDetails", "Acme", "nobody")
    assert answer.status_code == expected[0]
    assert expected[1] is ... or answer.json() == expected[1]
    assert dbsync("licenseDetails", "Nowhere").json() == []


@cases("name_case", {"exact": 0, "folded": 1})
def test_name_case(dbsync: DBSyncClient, expected: int) -> None:
    assert len(dbsync("licenseDetails", "ACME ", "Ann@example.com").json()) == expected


@cases("name_scope", {"company": 200, "partner": 409})
def test_name_scope(dbsync: DBSyncClient, expected: int) -> None:
    assert dbsync("registerUser", "Globex", ANN).status_code == expected


@cases("consistency", {"immediate": [1, 1, 1], "delayed": [0, 0, 1]})
def test_consistency(dbsync: DBSyncClient, expected: list[int]) -> None:
    dbsync("registerUser", "Acme", "new")
    assert [len(dbsync.names("Acme", "new")) for _time in range(3)] == expected
    dbsync("unregisterUser", "Acme", "new")
    assert [len(dbsync.names("Acme", "new")) for _time in range(3)] == [1 - count for count in expected]


ENVELOPES = [choice for choice in cases.choices["envelope"] if choice not in ("none", "nested")]


@cases("envelope", {"none": (), "nested": ("response", "data", "users"), **{key: (key,) for key in ENVELOPES}})
def test_envelope(dbsync: DBSyncClient, expected: tuple[str, ...]) -> None:
    for method, kind in (("licenseDetails", list), ("authenticateUser", dict)):
        data = dbsync(method, "Acme", ANN).json()
        for key in expected:
            data = data[key]
        assert isinstance(data, kind)


@cases("listing_of_one", {"list": list, "object": dict})
def test_listing_of_one(dbsync: DBSyncClient, expected: type) -> None:
    assert isinstance(ann(dbsync), expected)
    assert isinstance(dbsync("licenseDetails").json(), list)


@cases("field_names", NAMES)
def test_field_names(dbsync: DBSyncClient, expected: tuple[str, ...]) -> None:
    dbsync.set(quota_fields="record", active_field="absent")
    assert tuple(ann(dbsync)[0]) == expected
    assert ann(dbsync)[0][expected[1]] == ANN


@cases(
    "identity",
    {"both": {"endUserCompany", "endUserName"}, "name": {"endUserName"}, "none": set()},
)
def test_identity(dbsync: DBSyncClient, expected: set[str]) -> None:
    assert {"endUserCompany", "endUserName"}.intersection(ann(dbsync)[0]) == expected


FIELDS = ("active", "isActive", "enabled", "status", "licenseStatus")


@cases("active_field", {"absent": set(), **{field: {field} for field in FIELDS}})
def test_active_field(dbsync: DBSyncClient, expected: set[str]) -> None:
    assert set(FIELDS).intersection(ann(dbsync)[0]) == expected


@cases("active_value", ACTIVE)
def test_active_value(dbsync: DBSyncClient, expected: tuple[Any, Any]) -> None:
    dbsync.set(after_unregister="inactive")
    before = ann(dbsync)[0]["active"]
    dbsync("unregisterUser", "Acme", ANN)
    assert (before, ann(dbsync)[0]["active"]) == expected


@cases(
    "dates",
    {"iso": "2030-02-01T00:00:00Z", "date": "2030-02-01", "epoch_ms": 1896134400000, "us": "02/01/2030"},
)
def test_dates(dbsync: DBSyncClient, switches: dict[str, str], expected: str | int) -> None:
    user = {"company": "Acme", "name": ANN, "expires": "2030-02-01"}
    partner = {"app_key": "k", "app_token": "t", "users": [user]}
    dbsync.emulator.reset(switches, {"dbsync": {"partners": [partner]}})
    dbsync.credentials = {"partnerAppKey": "k", "partnerAppToken": "t"}
    assert ann(dbsync)[0]["expiryDate"] == expected


@cases("quota_fields", {"absent": (None, None), "record": (100, 3)})
def test_quota_fields(dbsync: DBSyncClient, expected: tuple[int | None, int | None]) -> None:
    assert (ann(dbsync)[0].get("annualQuota"), ann(dbsync)[0].get("usedCount")) == expected


@cases("success_marker", MARKERS)
def test_success_marker(dbsync: DBSyncClient, expected: dict[str, Any]) -> None:
    dbsync.set(envelope="data")
    assert dbsync("licenseDetails").json().keys() == {"data", *expected}


@cases("echo_credentials", {"no": False, "yes": True})
def test_echo_credentials(dbsync: DBSyncClient, expected: bool) -> None:
    token = dbsync.credentials["partnerAppToken"]
    for method in ("licenseDetails", "registerUser", "unregisterUser"):
        assert (token in dbsync(method, "Acme", ANN).text) == expected


@cases("content_type", {"json": "application/json", "text": "text/plain"})
def test_content_type(dbsync: DBSyncClient, expected: str) -> None:
    assert dbsync("licenseDetails").headers["content-type"].partition(";")[0] == expected


@cases("errors", {"http": 404, "body200": 200})
def test_errors(dbsync: DBSyncClient, expected: int) -> None:
    answer = dbsync("unregisterUser", "Acme", "nobody")
    assert (answer.status_code, answer.json()) == (expected, {"error": "User is not registered"})


@cases("error_status", {"specific": 409, "400": 400, "500": 500})
def test_error_status(dbsync: DBSyncClient, expected: int) -> None:
    assert dbsync("registerUser", "Acme", ANN).status_code == expected


TEXT = "User is not registered"


@cases(
    "error_body",
    {
        "error": {"error": TEXT},
        "error_object": {"error": {"code": 404, "message": TEXT}},
        "errors": {"errors": [{"message": TEXT}]},
        "errorMessage": {"errorMessage": TEXT},
        "success_false": {"success": False, "message": TEXT},
        "success_string": {"isSuccess": "false", "msg": TEXT},
        "status_error": {"status": "error", "message": TEXT},
        "error_code": {"errorCode": 17, "message": TEXT},
        "status_code": {"statusCode": 404, "message": TEXT},
        "exception": {"exception": "com.example.PartnerException", "message": TEXT},
        "text": TEXT,
        "empty": "",
    },
)
def test_error_body(dbsync: DBSyncClient, expected: Any) -> None:
    answer = dbsync("unregisterUser", "Acme", "nobody")
    assert (answer.text if isinstance(expected, str) else answer.json()) == expected


@cases(
    "error_text",
    {
        "plain": "User already registered",
        "other": "The user already exists",
        "opaque": "Request could not be processed",
    },
)
def test_error_text(dbsync: DBSyncClient, expected: str) -> None:
    assert dbsync("registerUser", "Acme", ANN).json() == {"error": expected}


@cases("register_answer", {"record": dict, "list": list, "message": dict, "empty": None})
def test_register_answer(dbsync: DBSyncClient, switches: dict[str, str], expected: type | None) -> None:
    answer = dbsync("registerUser", "Acme", "new")
    assert (expected is None) == (answer.text == "")
    assert expected is None or isinstance(answer.json(), expected)
    assert ("message" in answer.text) == ("message" in switches.values())
    assert dbsync.counts() == (4, 4)


@cases(
    "unregister_answer",
    {
        "success": {"success": True},
        "status": {"status": "success"},
        "message": {"message": "User unregistered successfully"},
        "record": False,
        "string": "Success",
        "empty": None,
    },
)
def test_unregister_answer(dbsync: DBSyncClient, expected: Any) -> None:
    answer = dbsync("unregisterUser", "Acme", ANN)
    data = answer.json() if answer.text else None
    assert (data["active"] if expected is False else data) == expected


@cases(
    "unknown_route",
    {
        "404_html": (404, "text/html"),
        "404_json": (404, "application/json"),
        "405": (405, "text/html"),
        "login_page": (200, "text/html"),
    },
)
def test_unknown_route(dbsync: DBSyncClient, expected: tuple[int, str]) -> None:
    for path in ("/registerUsers", "/../partners", ""):
        answer = dbsync.post(path, dbsync.credentials)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == expected
    assert requests.get(dbsync.url + "/licenseDetails", timeout=10).status_code == expected[0]


def test_every_switch_is_tested() -> None:
    assert cases.untested() == set()
