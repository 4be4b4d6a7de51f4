# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker of requests lets pass what is documented, and finds what is not."""

from __future__ import annotations

from typing import Any

import pytest

from contract.check import APIS, violations

BEARER = {"authorization": "Bearer ***", "accept": "application/json"}
PARTNER = {"partnerAppKey": "***", "partnerAppToken": "***"}
SIGNED = {"x-logtrust-sign": "***", "x-logtrust-timestamp": "1700000000000", "x-logtrust-reseller-apikey": "***"}


class Request:
    """A request as the emulator shows it; `but` makes another one of it."""

    def __init__(self, api: str, method: str, path: str, headers: dict[str, str], body: Any = None) -> None:
        if body is not None:
            headers = {"content-type": "application/json", **headers}
        shown = {"n": 1, "api": api, "method": method, "path": f"/{api}{path}", "headers": headers, "body": body}
        self.shown: dict[str, Any] = shown

    def but(self, **changed: Any) -> dict[str, Any]:
        return {**self.shown, **changed}

    def without(self, header: str) -> dict[str, Any]:
        return self.but(headers={name: value for name, value in self.shown["headers"].items() if name != header})


# api -> a call with a body, and what is to be changed of that body to make it wrong
WRITES: dict[str, tuple[Request, list[dict[str, Any]]]] = {
    "alteryx": (
        Request(
            "alteryx",
            "POST",
            "/webapi/v3/subscriptions",
            BEARER,
            {"name": "New", "canShareSchedule": False, "credentialId": ""},
        ),
        [{"canShareSchedules": True}, {"name": ""}, {"credentialId": None}],
    ),
    "datasentinel": (
        Request(
            "datasentinel",
            "POST",
            "/ds-api/users/a%2Bb@example.com",
            {"user-token": "***"},
            {"password": "***", "privilege": "read write", "live_360": 1, "roles": []},
        ),
        [{"privilege": "root"}, {"role": "billing"}, {"ldap": True}, {"live_360": 2}, {"e-mail": "a@example.com"}],
    ),
    "dbsync": (
        Request(
            "dbsync",
            "POST",
            "/appcode/v2/partner/registerUser",
            {},
            {**PARTNER, "endUserCompany": "Acme", "endUserName": "ann"},
        ),
        [{"endUserName": " "}, {"endUserName": 1}, {"partnerAppKey": ""}, {"company": "Acme"}],
    ),
    "devo": (
        Request("devo", "POST", "/v2/accounts/example/tokens", BEARER, {"audience": "apiv2", "expiresInSeconds": -1}),
        [{"audience": " "}, {"expiresInSeconds": 0}, {"scope": "default"}],
    ),
    "dqm": (
        Request("dqm", "POST", "/dqm-security/v1/authenticate", {}, {"email": "a@example.com", "password": "***"}),
        [{"username": "a@example.com"}, {"email": None}, {"password": ""}],
    ),
}
# api -> a call without a body, and the header that proves who asks
READS: dict[str, tuple[Request, str]] = {
    "alteryx": (Request("alteryx", "GET", "/webapi/v3/subscriptions?name=A%20b", BEARER), "authorization"),
    "datasentinel": (Request("datasentinel", "GET", "/ds-api/users", {"user-token": "***"}), "user-token"),
    "devo": (Request("devo", "GET", "/probio/user/domain/example@reseller", SIGNED), "x-logtrust-sign"),
    "dqm": (Request("dqm", "GET", "/dqm-identity/v1/users/1234/clients", BEARER), "authorization"),
}
EVERY = {**{f"{api}-write": write for api, (write, _other) in WRITES.items()}}
EVERY |= {f"{api}-read": read for api, (read, _other) in READS.items()}


def only(request: dict[str, Any]) -> str:
    """What is wrong with a request, at least one thing."""
    found = violations([request])
    assert found
    assert all(line.startswith(f"1: {request['method']} {request['path']}: ") for line in found)
    return "\n".join(found)


def test_every_api_is_looked_at() -> None:
    assert set(WRITES) == set(APIS)
    assert set(READS) == set(APIS) - {"dbsync"}  # it has nothing but POSTs, with the credentials in the body


@pytest.mark.parametrize("request_", EVERY.values(), ids=EVERY)
def test_what_is_documented_passes(request_: Request) -> None:
    assert violations([request_.shown, request_.shown]) == []


@pytest.mark.parametrize("request_", EVERY.values(), ids=EVERY)
def test_an_unknown_path(request_: Request) -> None:
    path = request_.shown["path"].partition("?")[0]
    assert "PathNotFound" in only(request_.but(path=f"{path}/some/more/of/it"))
    assert "NotFound" in only(request_.but(path="/elsewhere"))


def test_a_platform_that_there_is_not() -> None:
    assert "no such platform" in only(READS["dqm"][0].but(api=None))


@pytest.mark.parametrize("request_", EVERY.values(), ids=EVERY)
def test_a_wrong_method(request_: Request) -> None:
    assert "OperationNotFound" in only(request_.but(method="PATCH"))


@pytest.mark.parametrize("request_", EVERY.values(), ids=EVERY)
def test_an_unknown_query_key(request_: Request) -> None:
    path = request_.shown["path"]
    assert "unknown query key foo" in only(request_.but(path=f"{path}{'&' if '?' in path else '?'}foo=1"))


@pytest.mark.parametrize(
    ("api", "wrong"), [(api, wrong) for api, (_write, bodies) in WRITES.items() for wrong in bodies], ids=str
)
def test_a_wrong_body(api: str, wrong: dict[str, Any]) -> None:
    write = WRITES[api][0]
    assert "RequestBody" in only(write.but(body={**write.shown["body"], **wrong}))


@pytest.mark.parametrize("api", WRITES)
def test_what_is_no_body(api: str) -> None:
    write = WRITES[api][0]
    assert "RequestBody" in only(write.but(body="no JSON"))
    assert "RequestBody" in only(write.but(body=None))
    assert "RequestBody" in only(write.without("content-type"))
    assert "RequestBody" in only(write.but(headers={**write.shown["headers"], "content-type": "text/plain"}))


@pytest.mark.parametrize("api", READS)
def test_a_body_where_none_is_due(api: str) -> None:
    read = READS[api][0]
    assert "a body where none is due" in only(read.but(body={}))
    headers = {**read.shown["headers"], "content-type": "application/json"}
    assert "a Content-Type without a body" in only(read.but(headers=headers))


@pytest.mark.parametrize("api", READS)
def test_a_missing_proof_of_who_asks(api: str) -> None:
    read, header = READS[api]
    assert "SecurityValidationError" in only(read.without(header))


@pytest.mark.parametrize("request_", EVERY.values(), ids=EVERY)
def test_a_proof_that_this_api_or_call_does_not_take(request_: Request) -> None:
    headers = request_.shown["headers"]
    other = "user-token" if "user-token" not in headers else "standAloneToken"
    assert "credentials are in the headers" in only(request_.but(headers={**headers, other: "***"}))


def test_two_proofs_at_once() -> None:
    headers = {**SIGNED, "authorization": "Bearer ***"}
    assert "credentials are in the headers" in only(READS["devo"][0].but(headers=headers))


def test_a_wrong_scheme() -> None:
    assert "SecurityValidationError" in only(READS["dqm"][0].but(headers={"authorization": "Basic ***"}))


def test_a_timestamp_in_seconds() -> None:
    assert "x-logtrust-timestamp" in only(READS["devo"][0].but(headers={**SIGNED, "x-logtrust-timestamp": "17000000"}))


def test_a_wrong_path_parameter() -> None:
    assert "userEmail" in only(Request("devo", "GET", "/probio/user/email/ann/domain/d@r", SIGNED).shown)


def test_an_answer_in_xml_is_not_asked_for() -> None:
    assert "Accept" in only(READS["alteryx"][0].without("accept"))


@pytest.mark.parametrize("body", ["grant_type=password", "grant_type=client_credentials&client_id=me", "x=y"])
def test_a_wrong_form(body: str) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    good = "grant_type=client_credentials&client_id=me&client_secret=***"
    request = Request("alteryx", "POST", "/webapi/oauth2/token", form, good)
    assert violations([request.shown]) == []
    assert "RequestBody" in only(request.but(body=body))
