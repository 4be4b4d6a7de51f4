# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients of a Crownpeak DQM user: both forms of the path, sessions that end, and what a 403 may mean."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
import requests

from ansible_collections.dataops.access.plugins.module_utils.services.dqm import DqmClients
from emulator.server import Emulator
from unit.road import run_info

OWN = ["abc123", "ghi789", "def456"]  # by name: Corp, Industries, Shipping
SINGLE, DOUBLED = "/dqm-identity/v1/users/", "/dqm-identity/v1/v1/users/"


class Tenant:
    def __init__(self, vendors: Emulator) -> None:
        self.vendors = vendors
        self.connection: dict[str, Any] = dict(vendors.connections["dqm"])

    def set(self, **switches: str) -> None:
        self.vendors.set_switches({f"dqm.{name}": value for name, value in switches.items()})

    def info(self, **options: Any) -> dict[str, Any]:
        return run_info(DqmClients, options, self.connection)

    def asked(self) -> list[str]:
        return [request["path"].removeprefix("/dqm/") for request in self.vendors.requests()]

    def session(self) -> str:
        given = {"email": self.connection["api_username"], "password": self.connection["api_password"]}
        answer = requests.post(f"{self.connection['api_url']}/dqm-security/v1/authenticate", json=given, timeout=10)
        token: str = answer.json()["token"]
        return token


@pytest.fixture
def tenant(vendors: Emulator, no_backoff: None) -> Tenant:
    return Tenant(vendors)


@pytest.fixture
def misled(misled_vendors: Emulator, no_backoff: None) -> Tenant:
    """For tests that ask for what the other reading of the documents has elsewhere."""
    return Tenant(misled_vendors)


def ids(result: dict[str, Any]) -> list[str]:
    assert not result.get("failed"), result["msg"]
    return [client["id"] for client in result["clients"]]


def test_own_clients_sorted_by_name(tenant: Tenant) -> None:
    result = tenant.info()
    assert ids(result) == OWN
    assert result["clients"][0] == {"id": "abc123", "name": "Example Corp", "status": "PROD"}
    assert result["user_id"] == "1234"
    assert result["target"]["identity"] == "dana@example.com"
    assert tenant.asked() == ["dqm-security/v1/authenticate", "dqm-identity/v1/users/1234/clients"]
    assert (result["stats"]["requests"], result["stats"]["reads"], result["stats"]["writes"]) == (2, 1, 0)


def test_clients_of_one_name_are_sorted_by_id(tenant: Tenant) -> None:
    clients = [{"id": name, "name": "Same"} for name in ("c", "a", "b")]
    tenant.vendors.faults([{"path": "clients", "fault": {"kind": "wrong_type", "to": {"clients": clients}}}])
    result = tenant.info()
    assert ids(result) == ["a", "b", "c"]
    assert result["clients"][0]["status"] == ""


def test_filters(tenant: Tenant) -> None:
    assert ids(tenant.info(name="Example Shipping")) == ["def456"]
    assert ids(tenant.info(name="Example")) == []
    assert ids(tenant.info(status="PROD")) == OWN
    assert ids(tenant.info(status="TEST")) == []


def test_another_user(tenant: Tenant) -> None:
    result = tenant.info(user_id="1235")
    assert (ids(result), result["user_id"]) == (["abc123"], "1235")
    assert ids(tenant.info(user_id="1236")) == []


@pytest.mark.parametrize("user_id", ["", "a/b", "..", " 1"])
def test_an_id_that_no_address_can_carry_is_refused(tenant: Tenant, user_id: str) -> None:
    result = tenant.info(user_id=user_id)
    assert result["failure"]["kind"] == "validation"
    assert "user_id" in result["msg"]
    assert tenant.asked() == []


# --- the token -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("uid", ["int", "str"])
@pytest.mark.parametrize("login_status", ["200", "201"])
def test_the_id_comes_from_the_token(tenant: Tenant, uid: str, login_status: str) -> None:
    tenant.set(uid=uid, login_status=login_status)
    assert tenant.info()["user_id"] == "1234"


def test_a_token_without_an_id_asks_for_one(tenant: Tenant) -> None:
    tenant.set(uid="missing")
    result = tenant.info()
    assert result["failed"]
    assert "no claim uid" in result["msg"]
    assert "pass user_id" in result["msg"]
    assert ids(tenant.info(user_id="1234")) == OWN


def test_a_token_may_be_given_instead_of_a_password(tenant: Tenant) -> None:
    token = tenant.session()
    tenant.connection = {"api_url": tenant.connection["api_url"], "api_token": token}
    result = tenant.info()
    assert (ids(result), result["user_id"]) == (OWN, "1234")
    assert tenant.asked()[1:] == ["dqm-identity/v1/users/1234/clients"]
    assert token not in json.dumps(result)


def test_an_opaque_token_needs_the_id(tenant: Tenant) -> None:
    tenant.connection = {"api_url": tenant.connection["api_url"], "api_token": "opaque-token"}
    assert "pass user_id" in tenant.info()["msg"]
    result = tenant.info(user_id="1234")
    assert result["failure"]["kind"] == "auth"


@pytest.mark.parametrize("status", ["401", "403", "400"])
def test_a_wrong_password_is_tried_once(tenant: Tenant, status: str) -> None:
    tenant.set(bad_login=status)
    tenant.connection["api_password"] = "wrong-password"
    result = tenant.info()
    assert result["failure"]["kind"] == "auth"
    assert "log in to Crownpeak DQM as 'dana@example.com'" in result["msg"]
    assert len(tenant.asked()) == 1
    assert "wrong-password" not in json.dumps(result)


@pytest.mark.parametrize("expired", ["401", "403"])
@pytest.mark.parametrize("life", ["7200", "30"])
def test_a_session_that_ended_is_renewed_once(tenant: Tenant, expired: str, life: str) -> None:
    tenant.set(expired=expired, token_life=life)
    tenant.vendors.faults([{"path": "clients", "call": 1, "fault": {"kind": "expire"}}])
    assert ids(tenant.info()) == OWN
    assert [path.rsplit("/", 1)[-1] for path in tenant.asked()] == ["authenticate", "clients"] * 2


@pytest.mark.parametrize("expired", ["401", "403"])
def test_a_session_that_ends_at_once_is_not_renewed_for_ever(tenant: Tenant, expired: str) -> None:
    tenant.set(expired=expired)
    tenant.vendors.faults([{"path": "clients", "fault": {"kind": "expire"}}])
    result = tenant.info()
    assert result["failure"]["status"] == int(expired)
    assert len(tenant.asked()) == 4


def test_a_403_past_the_end_of_the_token_means_that_it_ended(tenant: Tenant) -> None:
    ended = jwt.encode({"uid": 1234, "exp": 1}, "a-key-of-thirty-two-bytes-or-more")
    forbidden = {"kind": "status", "status": 403, "body": '{"message":"Forbidden"}'}
    tenant.vendors.faults(
        [
            {"path": "authenticate", "call": 1, "fault": {"kind": "wrong_type", "to": {"token": ended}}},
            {"path": "clients", "call": 1, "fault": forbidden},
        ]
    )
    assert ids(tenant.info()) == OWN


def test_a_given_token_that_ended_is_named(tenant: Tenant) -> None:
    ended = jwt.encode({"uid": 1234, "exp": 1}, "a-key-of-thirty-two-bytes-or-more")
    tenant.connection = {"api_url": tenant.connection["api_url"], "api_token": ended}
    result = tenant.info()
    assert "past its end" in result["msg"]
    assert len(tenant.asked()) == 1


# --- the path ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unknown_route", ["403", "404"])
def test_the_doubled_path_is_tried_where_there_is_no_single_one(tenant: Tenant, unknown_route: str) -> None:
    tenant.set(path="doubled", unknown_route=unknown_route)
    assert ids(tenant.info()) == OWN
    assert [path.startswith(("dqm-identity/v1/v1/",)) for path in tenant.asked()[1:]] == [False, True]


@pytest.mark.parametrize(("other_user", "kind"), [("403", "permission"), ("401", "auth")])
def test_no_other_refusal_leads_to_the_doubled_path(tenant: Tenant, other_user: str, kind: str) -> None:
    tenant.set(other_user=other_user)
    result = tenant.info(user_id="1235")
    assert result["failure"]["kind"] == kind
    assert f"(x-amzn-RequestId: {result['failure']['request_id']})" in result["msg"]
    assert not any(DOUBLED.strip("/") in path for path in tenant.asked())
    if kind == "permission":
        assert "may mean that the route does not exist" in result["msg"]
        assert "Forbidden" in result["msg"]


@pytest.mark.parametrize("path", ["single", "doubled"])
@pytest.mark.parametrize("unknown_route", ["403", "404"])
def test_an_unknown_user_is_told_from_an_unknown_route(tenant: Tenant, path: str, unknown_route: str) -> None:
    tenant.set(path=path, unknown_route=unknown_route)
    result = tenant.info(user_id="77")
    assert result["failure"]["kind"] == "not_found"
    assert "User not found" in result["msg"]
    # The log-in, and each path until one speaks of a user.
    assert len(tenant.asked()) == (2 if path == "single" else 3)


@pytest.mark.parametrize("error_body", ["html", "empty"])
def test_a_404_without_words_may_be_either(misled: Tenant, error_body: str) -> None:
    misled.set(error_body=error_body, unknown_route="404")
    result = misled.info(user_id="77")
    assert result["failure"]["kind"] == "not_found"
    assert ("User not found" in result["msg"]) == (error_body == "html")
    assert ("Neither /v1/users nor /v1/v1/users" in result["msg"]) == (error_body == "empty")


def test_a_wrong_base_url(misled: Tenant) -> None:
    url = misled.connection["api_url"]
    misled.connection = {"api_url": f"{url}/elsewhere", "api_token": "opaque"}
    result = misled.info(user_id="1234")
    assert result["failed"]
    assert "Neither /v1/users nor /v1/v1/users" in result["msg"]


# --- answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["object", "list", "null"])
def test_lists_of_either_form(tenant: Tenant, shape: str) -> None:
    tenant.set(clients=shape)
    assert ids(tenant.info()) == OWN
    assert ids(tenant.info(user_id="1236")) == []


@pytest.mark.parametrize(("shape", "says"), [("missing", "clients should be a list"), ("error_200", "Internal server")])
def test_another_object_is_not_a_user_without_clients(tenant: Tenant, shape: str, says: str) -> None:
    tenant.set(clients=shape)
    result = tenant.info()
    assert says in result["msg"]
    assert "clients" not in result


@pytest.mark.parametrize("throttle", ["seconds", "bare"])
def test_too_many_requests_are_repeated(tenant: Tenant, throttle: str) -> None:
    tenant.set(throttle=throttle)
    result = tenant.info()
    assert ids(result) == OWN
    assert result["stats"]["retries"] == 1


@pytest.mark.parametrize("error_body", ["message", "Message", "text", "html", "empty"])
def test_errors_of_every_shape_are_one_line(tenant: Tenant, error_body: str) -> None:
    tenant.set(other_user="403", error_body=error_body)
    result = tenant.info(user_id="1235")
    assert result["failure"]["kind"] == "permission"
    assert ("Forbidden" in result["msg"]) == (error_body != "empty")
    assert "<" not in result["msg"]


REDIRECT = {"kind": "redirect", "location": "https://login.example.com/"}
OTHER_TYPES: list[dict[str, Any]] = [{"kind": "wrong_type", "to": other} for other in ("text", 5, {"clients": {}}, [1])]


@pytest.mark.parametrize(
    "fault",
    [{"kind": "html"}, {"kind": "truncate"}, {"kind": "empty"}, {"kind": "invalid_utf8"}, REDIRECT, *OTHER_TYPES],
)
def test_what_is_not_an_answer_is_no_empty_list(tenant: Tenant, fault: dict[str, Any]) -> None:
    tenant.vendors.faults([{"path": "clients", "fault": fault}])
    result = tenant.info()
    assert result["failed"]
    assert "clients" not in result
