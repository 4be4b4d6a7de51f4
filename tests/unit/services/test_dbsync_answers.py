# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading answers whose shapes nobody published: what is a licence, what is nobody, what is a failure."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_failures import classify, find_error
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_fields import moment
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_licenses import (
    License,
    licenses,
    scrubbed,
    verdict,
)

NAMED = {"userName": "ann", "companyName": "Acme"}
NOTHING = Redactor()


def read(data: Any) -> list[License]:
    return licenses(data, "list the users", NOTHING)


@pytest.mark.parametrize(
    "data",
    [
        [NAMED],
        NAMED,
        {"users": [NAMED]},
        {"response": {"data": {"users": [NAMED]}}},
        {"success": True, "message": "ok", "License_Details": NAMED},
        {"status": "success", "user": {"name": "ann", "company": "Acme"}},
        {**NAMED, "license": {"isActive": "Y", "expires": "2030-01-01"}},
    ],
)
def test_one_licence(data: Any) -> None:
    (found,) = read(data)
    assert (found.company, found.username, found.active) == ("Acme", "ann", True)


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], {}, {"users": []}, {"data": None}, {"data": {}}, {"success": True}, {"status": "success"}),
        {"errorCode": 0, "errorMessage": "", "results": []},
        {"endUserName": "ann", "licenses": []},
        {"message": "Request processed", "users": []},
    ],
)
def test_nobody(data: Any) -> None:
    assert read(data) == []


@pytest.mark.parametrize(
    "data",
    [
        *("Success", 1, True, ["ann"], [[NAMED]]),
        {"message": "The license server is down for maintenance"},
        {"data": None, "message": "Try again later"},
        {"status": "PENDING"},
        {"page": 1, "total": 0},
        {"data": {"data": {"data": {"data": [NAMED]}}}},
    ],
)
def test_neither(data: Any) -> None:
    with pytest.raises(AccessError, match="no licence details") as raised:
        read(data)
    assert raised.value.kind == "protocol"


@pytest.mark.parametrize(
    ("fields", "active", "known"),
    [
        ({"active": True}, True, True),
        ({"Is Active": "0"}, False, True),
        ({"status": "REGISTERED"}, True, True),
        ({"license_status": " Cancelled "}, False, True),
        ({"enabled": None, "status": "expired"}, False, True),
        ({"status": "PENDING"}, True, False),
        ({}, True, False),
    ],
)
def test_active(fields: dict[str, Any], active: bool, known: bool) -> None:
    (found,) = read([{**NAMED, **fields}])
    assert (found.active, found.active_known) == (active, known)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02-01T10:30:00Z", "2026-02-01T10:30:00Z"),
        ("2026-02-01T10:30:00.123+0200", "2026-02-01T08:30:00Z"),
        ("2026-02-01 10:30:00", "2026-02-01T10:30:00Z"),
        ("2026-02-01", "2026-02-01T00:00:00Z"),
        ("02/01/2026", "2026-02-01T00:00:00Z"),
        (1769941800000, "2026-02-01T10:30:00Z"),
        ("1769941800", "2026-02-01T10:30:00Z"),
        ("31/12/2026", None),
        ("soon", None),
        (10**15 - 1, None),
        (True, None),
    ],
)
def test_dates(value: Any, expected: str | None) -> None:
    assert moment(value) == expected


def test_quota_numbers_and_the_record_as_it_came() -> None:
    record = {**NAMED, "annual_quota": "100", "usedCount": 42, "customerType": "Partner"}
    (found,) = read([record])
    assert (found.quota, found.used, found.raw) == (100, 42, record)


def test_what_may_be_secret_is_not_returned() -> None:
    redactor = Redactor(["the-partner-token"])
    record = {
        "PartnerAppToken": "the-partner-token",
        "partner_app_key": "key",
        "note": "used the-partner-token",
        "session": {"accessToken": "other", "tokens": ["a"], "apiKey": None},
        "the-partner-token": 1,
    }
    assert scrubbed(record, redactor) == {
        "note": f"used {HIDDEN}",
        "session": {"accessToken": HIDDEN, "tokens": HIDDEN, "apiKey": None},
        HIDDEN: HIDDEN,
    }


# --- failures ------------------------------------------------------------------------------------------------------

FAILURES: list[dict[str, Any]] = [
    {"error": "x"},
    {"Error": {"code": 1, "message": "x"}},
    {"errors": ["x"]},
    {"error_message": "x"},
    {"fault": {"faultstring": "x"}},
    {"exception": "x"},
    {"success": False},
    {"ok": "false"},
    {"isSuccess": 0, "message": "x"},
    {"status": "FAILED"},
    {"responseStatus": "unauthorized"},
    {"result": "error"},
    {"errorCode": 17},
    {"errorCode": "INVALID_TOKEN"},
    {"statusCode": "404"},
    {"response": {"success": False}},
    {**NAMED, "status": "error"},
    {"message": "No such user"},
]


@pytest.mark.parametrize("data", FAILURES)
def test_a_failure_under_200(data: dict[str, Any]) -> None:
    assert find_error(Answer(200, {}, data))


@pytest.mark.parametrize(
    "data",
    [
        [],
        NAMED,
        {**NAMED, "status": "invalid"},
        {"message": "User registered"},
        {"message": "User unregistered successfully"},
        {"error": None, "errors": [], "success": "true", "status": "success"},
        {"errorCode": "0", "errorMessage": "", "statusCode": 200},
        {"error": "none", "errorCode": "SUCCESS"},
        {"users": [NAMED], "message": "1 user found"},
        "Success",
    ],
)
def test_no_failure(data: Any) -> None:
    assert find_error(Answer(200, {}, data)) is None


def test_text_that_is_no_json_is_a_failure_unless_the_client_judges_it() -> None:
    assert find_error(Answer(200, {}, text="Invalid partnerAppKey")) == "Invalid partnerAppKey"
    assert find_error(Answer(200, {}, text=" <html>Sign in</html>")) is None
    assert find_error(Answer(200, {}, text="null")) is None
    assert find_error(Answer(200, {}, text='[{"endUserName": "quota@example.com", "act')) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("User already registered", "conflict"),
        ("The user already exists", "conflict"),
        ("User license is inactive", "conflict"),
        ("User is not registered", "not_found"),
        ("No such user", "not_found"),
        ("The user jo does not exist", "not_found"),
        ("License quota exceeded for the partner application key", "quota"),
        ("No license left for this year", "quota"),
        ("Invalid partnerAppKey or partnerAppToken", "auth"),
        ("Unauthorised", "auth"),
        ("Authentication failed: no such user", "auth"),
        ("Rate limit exceeded", "rate_limit"),
        ("Not Found", None),
        ("Request could not be processed", None),
    ],
)
def test_kind_by_text(text: str, kind: str | None) -> None:
    assert classify(Answer(400, {}, {"error": text})) == kind


def test_an_address_that_does_not_exist_is_no_absent_user() -> None:
    assert classify(Answer(404, {}, {"status": 404, "error": "Not Found"})) == "protocol"
    assert classify(Answer(404, {}, text="<h1>No such user</h1>")) == "protocol"
    assert classify(Answer(405, {})) == "protocol"
    assert classify(Answer(429, {}, {"error": "quota exceeded"})) is None


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        (True, True),
        ({"authenticated": False, "message": "x"}, False),
        ({"success": True, "hasValidLicense": "yes"}, True),
        ({**NAMED, "active": False}, False),
        ([{**NAMED, "active": True}], True),
        ({"message": "done"}, None),
        ([], None),
        (None, None),
    ],
)
def test_verdict(data: Any, valid: bool | None) -> None:
    assert verdict(data, "ask", NOTHING).valid is valid
