# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated Devo: who may ask, tokens, domain users."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.devo_auth import sign
from emulator.server import Emulator
from unit.emulator.devo_client import ANN, BOB, OWNER, DevoClient

DAY = 86400


@pytest.fixture
def devo(emulator: Emulator) -> DevoClient:
    return DevoClient(emulator)


# --- who may ask -----------------------------------------------------------------------------------------------


def test_signature_of_the_test_vector() -> None:
    body = b'{"domain":"domainName@resellerName","userName":"Frank","email":"user@devo.com","role":"OWNER"}'
    pair = "test-api-key", "test-api-secret"
    signed = sign(*pair, body, "1700000000000")
    assert signed == "f303f0cf42ace7631dc08b435b90de6c5e1c8ea4b39cb68f402c6cf1bddfafff"
    signed = sign(*pair, b"", "1700000000000")
    assert signed == "7daef97415cc76692ebacd0ae51a24d05d191a918108c2383cdbfa7b0efff718"


@pytest.mark.parametrize("kind", ["domain", "reseller"])
def test_both_key_headers_are_accepted_and_the_body_is_signed_byte_for_byte(devo: DevoClient, kind: str) -> None:
    path, body = (
        "/probio/user/internal",
        b'{"role": "analyst",  "email": "new@example.com", "domain": "example@reseller"}',
    )
    other = body.replace(b"  ", b" ")
    assert devo.call("POST", path, devo.signed(kind, other), body).status_code == 401
    assert devo.call("POST", path, devo.signed(kind, body), body).status_code == 200
    assert devo.call("GET", f"/probio/user/domain/{devo.domain}", devo.signed(kind)).status_code == 200
    assert not devo.emulator.complaints()


def test_a_wrong_secret_an_upper_case_sign_and_two_key_headers_are_refused(devo: DevoClient) -> None:
    path, good = f"/probio/user/domain/{devo.domain}", devo.signed("domain")
    upper = {**good, "x-logtrust-sign": good["x-logtrust-sign"].upper()}
    for headers in (devo.signed("domain", secret="wrong"), upper, {**good, **devo.signed("reseller")}):
        assert devo.call("GET", path, headers).status_code == 401
    seconds = devo.signed("domain", timestamp="1700000000")
    assert devo.call("GET", path, seconds).status_code == 401
    assert len(devo.emulator.complaints()) == 2  # the two headers, the timestamp in seconds


def test_a_domain_key_reaches_its_domain_and_a_multitenant_key_those_of_its_reseller(devo: DevoClient) -> None:
    pairs = {"a@one": "1", "b@one": "2", "c@two": "3"}
    domains = [{"name": name, "api_key": f"k{n}", "api_secret": f"s{n}"} for name, n in pairs.items()]
    resellers = [{"name": "one", "api_key": "multi", "api_secret": "secret"}]
    devo.emulator.reset(state={"devo": {"people": [], "domains": domains, "resellers": resellers}})

    def statuses(kind: str, key: str, secret: str) -> list[int]:
        devo.options |= {"api_key": key, "api_secret": secret}
        calls = (devo.call("GET", f"/probio/user/domain/{name}", devo.signed(kind)) for name in pairs)
        return [answer.status_code for answer in calls]

    assert statuses("domain", "k1", "s1") == [200, 404, 404]
    assert statuses("reseller", "multi", "secret") == [200, 200, 404]
    assert statuses("domain", "multi", "secret") == [401, 401, 401]


def test_the_token_api_takes_bearer_only(devo: DevoClient) -> None:
    path, value = "/v2/accounts/example/tokens", devo.options["api_token"]
    assert devo.call("GET", path, {"Authorization": f"Bearer {value}"}).status_code == 200
    assert devo.call("GET", path, {"standAloneToken": value}).status_code == 401
    assert devo.call("GET", path, devo.signed("domain")).status_code == 401
    assert devo.call("GET", "/v2/accounts/other/tokens", {"Authorization": f"Bearer {value}"}).status_code == 404


def test_a_token_that_is_disabled_expired_or_deleted_opens_nothing(devo: DevoClient) -> None:
    made = [devo.create(name=str(n), expiresInSeconds=60 if n == 1 else -1).json() for n in range(4)]
    statuses = []
    devo.tokens("PUT", f"/{made[0]['id']}/disable")
    devo.tokens("DELETE", f"/{made[2]['id']}")
    devo.emulator.clock_advance(61)
    for token in made:
        answer = devo.call("GET", f"/probio/user/domain/{devo.domain}", {"standAloneToken": token["token"]})
        statuses.append(answer.status_code)
    assert statuses == [401, 401, 401, 200]


# --- tokens ----------------------------------------------------------------------------------------------------


def test_the_life_of_a_token(devo: DevoClient) -> None:
    asked = {"audience": "apiv2-admin apiv2", "scopes": "table://a level://admin", "expiresInSeconds": 2 * DAY}
    made = devo.create(**asked, user=ANN, owner=OWNER)
    key, value = made.json()["id"], made.json()["token"]
    listed = devo.listed()
    assert listed is not None
    assert value not in str(devo.tokens("GET").json())
    assert devo.tokens("GET", f"/{key}").json() == {**listed, "token": value}
    assert (listed["audience"], listed["scope"]) == (asked["audience"], asked["scopes"])
    assert (listed["user"], listed["owner"], listed["account"]) == (ANN, OWNER, "example")
    assert (listed["active"], listed["expires_in_seconds"]) == (True, 2 * DAY)
    assert devo.tokens("PUT", f"/{key}/disable").json()["active"] is False
    assert devo.tokens("PUT", f"/{key}/enable").json()["active"] is True
    assert devo.tokens("PUT", f"/{key}/rename", {"name": "other"}).json()["name"] == "other"
    assert devo.tokens("DELETE", f"/{key}").status_code == 200
    assert devo.tokens("GET", f"/{key}").status_code == 404
    assert not devo.emulator.complaints()


def test_what_a_token_gets_when_nothing_is_said(devo: DevoClient) -> None:
    made = devo.tokens("POST", body={"audience": "http"}).json()
    assert (made["name"], made["scope"], made["expires_in_seconds"]) == ("Unnamed", "default", DAY)
    assert made["user"] == made["owner"] == OWNER  # whose token asked


def test_token_times_are_written_as_devo_does(devo: DevoClient) -> None:
    token = {"name": "t", "created": "2024-11-25T14:38:18+00:00", "expires_in_seconds": 4000 * DAY, "token": "v"}
    domain = {"name": "d@r", "account": "a", "api_key": "k", "api_secret": "s", "tokens": [token]}
    devo.emulator.reset(state={"devo": {"domains": [domain]}})
    devo.options |= {"account": "a", "api_token": "v"}
    listed = devo.listed("t")
    assert listed is not None
    assert listed["created"] == "2024-11-25T14:38:18.000+0000"
    assert listed["expiration"] == "2035-11-08T14:38:18.000+0000"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"name": "x"}),
        ("POST", "", {"audience": " "}),
        ("POST", "", {"audience": ["apiv2"]}),
        ("POST", "", {"audience": "apiv2", "scope": "x"}),
        ("POST", "", {"audience": "apiv2", "expires_in_seconds": 60}),
        ("POST", "", {"audience": "apiv2", "expiresInSeconds": 0}),
        ("PUT", "/2/rename", {"title": "x"}),
        ("PUT", "/2/rename", b"x"),
    ],
)
def test_token_calls_that_no_document_allows_are_refused(devo: DevoClient, method: str, path: str, body: Any) -> None:
    before = devo.emulator.state("devo")
    assert devo.tokens(method, path, body).status_code == 400
    assert len(devo.emulator.complaints()) == 1
    assert devo.emulator.state("devo") == before


# --- users -----------------------------------------------------------------------------------------------------


def test_the_life_of_a_user(devo: DevoClient) -> None:
    made = devo.add(userName="Frank", phone="+34 600 000 002").json()
    assert made == devo.user("GET", "new@example.com").json()
    assert (made["status"], made["roleList"], made["owner"]) == ("pending", ["analyst"], False)
    assert made in devo.probio("GET", f"/user/domain/{devo.domain}").json()
    assert devo.probio("GET", "/user/email/new@example.com").json()["phone"] == "+34 600 000 002"
    assert devo.user("PUT", ANN, "/role", {"roles": ["reviewer", "analyst"]}).json()["role"] == "reviewer,analyst"
    assert devo.user("DELETE", ANN, "/role", {"roles": ["analyst"]}).json()["role"] == "reviewer"
    assert devo.user("PUT", ANN, "/role/analyst").json()["role"] == "analyst"
    assert devo.user("POST", ANN, "/disable").json()["status"] == "inactive"
    assert devo.user("POST", ANN, "/enable").json()["status"] == "active"
    assert devo.user("DELETE", ANN).status_code == 200
    assert devo.user("GET", ANN).status_code == 404
    assert devo.probio("GET", f"/user/email/{ANN}").status_code == 404  # it was the only domain
    assert not devo.emulator.complaints()


@pytest.mark.parametrize(
    ("method", "email", "path", "code"),
    [
        ("DELETE", OWNER, "", 112),
        ("POST", BOB, "/disable", 116),
        ("POST", ANN, "/enable", 117),
        ("PUT", ANN, "/role/unknown", 400),
        ("PUT", ANN, "/role/OWNER", 400),
        ("PUT", OWNER, "/role/analyst", 400),
    ],
)
def test_user_rules_and_their_codes(devo: DevoClient, method: str, email: str, path: str, code: int) -> None:
    before = devo.emulator.state("devo")
    answer = devo.user(method, email, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert devo.emulator.state("devo") == before


def test_admin_is_exclusive_and_no_privileges_goes_with_a_role(devo: DevoClient) -> None:
    assert devo.user("PUT", ANN, "/role", {"roles": ["ADMIN", "analyst"]}).status_code == 400
    assert devo.user("PUT", ANN, "/role", {"roles": ["NO_PRIVILEGES", "analyst"]}).json()["roleList"] == ["analyst"]
    assert devo.user("PUT", ANN, "/role", {"roles": ["NO_PRIVILEGES"]}).json()["roleList"] == ["NO_PRIVILEGES"]


def test_a_user_who_exists_is_refused_with_code_100(devo: DevoClient) -> None:
    answer = devo.add(email=ANN.upper())
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)
    assert "already exists" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "unknown"},
        {"role": "analyst,reviewer"},
        {"role": "OWNER"},
        {"role": None},
        {"email": "nobody"},
        {"userName": "Fr/nk"},
        {"phone": "678345678"},
    ],
)
def test_a_new_user_must_be_valid(devo: DevoClient, wrong: dict[str, Any]) -> None:
    assert devo.add(**wrong).status_code == 400
    assert len(devo.emulator.state("devo")["people"]) == 3


def test_the_first_user_is_the_owner_and_needs_the_multitenant_key(devo: DevoClient) -> None:
    keys = {"api_key": "k", "api_secret": "s"}
    state = {"people": [], "domains": [{"name": "new@r", **keys}], "resellers": [{"name": "r", **keys}]}
    devo.emulator.reset(state={"devo": state})
    devo.options |= keys
    owner, admin = (f'{{"domain":"new@r","email":"a@example.com","role":"{r}"}}'.encode() for r in ("OWNER", "ADMIN"))

    def add(kind: str, body: bytes) -> Any:
        return devo.call("POST", "/probio/user/internal", devo.signed(kind, body), body)

    assert add("domain", owner).status_code == 400
    assert add("reseller", admin).status_code == 400
    made = add("reseller", owner).json()
    assert (made["role"], made["owner"]) == ("ADMIN", True)


def test_a_person_of_another_domain_keeps_name_and_phone_and_is_not_pending(devo: DevoClient) -> None:
    keys = {"api_key": "k", "api_secret": "s"}
    zoe = {"email": "zoe@example.com", "user_name": "Zoe", "phone": "+34600000009"}
    first = {"name": "one@r", "users": [{"email": "zoe@example.com", "roles": ["ADMIN"], "owner": True}], **keys}
    second = {"name": "two@r", "users": [{"email": "owner@example.com", "roles": ["ADMIN"], "owner": True}], **keys}
    state = {"people": [zoe], "domains": [first, second], "resellers": [{"name": "r", **keys}]}
    devo.emulator.reset(state={"devo": state})
    devo.options |= keys
    body = b'{"domain":"two@r","email":"zoe@example.com","userName":"Other","phone":"bad","role":"NO_PRIVILEGES"}'
    made = devo.call("POST", "/probio/user/internal", devo.signed("reseller", body), body).json()
    assert (made["userName"], made["status"], made["role"]) == ("Zoe", "active", "NO_PRIVILEGES")
    person = devo.call("GET", "/probio/user/email/zoe@example.com", devo.signed("reseller")).json()
    assert person["phone"] == "+34600000009"
    path = "/probio/user/email/zoe@example.com/domain/two@r"
    assert devo.call("DELETE", path, devo.signed("reseller")).status_code == 200
    assert devo.call("GET", "/probio/user/email/zoe@example.com", devo.signed("reseller")).json() == person


def test_external_users_need_their_id_and_never_own(devo: DevoClient) -> None:
    body = {"domain": devo.domain, "email": "ext@example.com", "role": "analyst"}
    assert devo.probio("POST", "/user/external", body).status_code == 400
    made = devo.probio("POST", "/user/external", {**body, "externalId": "x-1"}).json()
    assert made["status"] == "active"


def test_an_account_is_changed_where_it_is_not_null(devo: DevoClient) -> None:
    key = devo.probio("GET", f"/user/email/{ANN}").json()["id"]
    changed = devo.probio("PUT", f"/user/internal/{key}", {"email": None, "phone": "", "userName": "Anna"}).json()
    assert (changed["userName"], changed["phone"], changed["email"]) == ("Anna", None, ANN)


def test_domains_and_roles_can_be_read(devo: DevoClient) -> None:
    assert devo.probio("GET", "/domain").json() == [{"name": devo.domain}]
    assert devo.probio("GET", f"/domain/{devo.domain}").json() == {"name": devo.domain}
    roles = devo.probio("GET", f"/domain/{devo.domain}/roles").json()
    assert [role["name"] for role in roles] == ["ADMIN", "NO_PRIVILEGES", "analyst", "reviewer"]
    assert devo.probio("GET", f"/domain/{devo.domain}/roles/ADMIN?full=true").json()["type"] == "ADMIN"
    assert devo.probio("GET", f"/domain/{devo.domain}/roles/admin").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/user/internal", {"email": "x@example.com", "role": "analyst", "roles": []}),
        ("POST", "/user/internal", {"role": "analyst"}),
        ("POST", "/user/internal", b"{"),
        ("PUT", f"/user/email/{ANN}/domain/example@reseller/role", {"rights": ["analyst"]}),
        ("PUT", f"/user/email/{ANN}/domain/example@reseller/role", {"roles": [7]}),
        ("DELETE", f"/user/email/{ANN}/domain/example@reseller/role", b"[analyst]"),
    ],
)
def test_user_calls_that_no_document_allows_are_refused(devo: DevoClient, method: str, path: str, body: Any) -> None:
    before = devo.emulator.state("devo")
    assert devo.probio(method, path, body).status_code == 400
    assert len(devo.emulator.complaints()) == 1
    assert devo.emulator.state("devo") == before


def test_the_state_that_is_shown_can_be_loaded_again(devo: DevoClient) -> None:
    devo.create(expiresInSeconds=-1)
    devo.add()
    shown = devo.emulator.state("devo")
    devo.emulator.reset(state={"devo": shown})
    assert devo.emulator.state("devo") == shown


def test_the_record_shows_no_secret(devo: DevoClient) -> None:
    value = devo.create().json()["token"]
    devo.call("GET", f"/probio/user/domain/{devo.domain}", {**devo.signed("domain"), "X-Stray": value})
    shown = str(devo.emulator.requests(full=True))
    for secret in (value, *(devo.options[key] for key in ("api_token", "api_key", "api_secret"))):
        assert secret not in shown


def test_unknown_routes_have_devos_error_and_correlation_id(devo: DevoClient) -> None:
    answer = devo.call("GET", "/api/v9", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, 404)
