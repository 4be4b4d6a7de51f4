# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated DQM: as documented, and under each value of each switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests

from emulator.dqm import DQM
from emulator.server import Emulator

CHECKS: dict[str, Callable[[Dqm], None]] = {}
ALL = ["abc123", "def456", "ghi789"]


class Dqm:
    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        options = emulator.connections["dqm"]
        self.url = options["api_url"]
        self.credentials = {"email": options["api_username"], "password": options["api_password"]}
        self.token: str = self.log_in().json()["token"]

    def log_in(self, **changed: str) -> requests.Response:
        body = {**self.credentials, **changed}
        return requests.post(f"{self.url}/dqm-security/v1/authenticate", json=body, timeout=10)

    def renew(self) -> requests.Response:
        return requests.post(f"{self.url}/dqm-security/v1/renew", headers=self.bearer(), timeout=10)

    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def clients(self, uid: int | str = 1234, prefix: str = "v1") -> requests.Response:
        path = f"{self.url}/dqm-identity/{prefix}/users/{uid}/clients"
        return requests.get(path, headers=self.bearer(), timeout=10)

    def claims(self) -> dict[str, Any]:
        return dict(jwt.decode(self.token, options={"verify_signature": False}))

    def value(self, switch: str) -> str:
        return str(self.emulator.switches()[f"dqm.{switch}"]["value"])


@pytest.fixture
def dqm(request: pytest.FixtureRequest, emulator: Emulator) -> Dqm:
    switch, _ignored, chosen = getattr(request, "param", "").partition("=")
    emulator.reset(switches={f"dqm.{switch}": chosen} if switch else {})
    return Dqm(emulator)


def ids(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200
    return sorted(client["id"] for client in answer.json()["clients"])


def test_log_in_and_list(dqm: Dqm) -> None:
    answer = dqm.log_in()
    assert set(answer.json()) == {"email", "givenName", "surname", "token"}
    assert 1400 < len(answer.content) < 3000
    assert {"x-amzn-requestid", "x-amz-apigw-id", "via"} <= set(answer.headers)
    assert dqm.claims()["uid"] == 1234
    listed = dqm.clients()
    assert ids(listed) == ALL
    assert listed.json()["clients"][0] == {"id": "ghi789", "name": "Example Industries", "status": "PROD"}
    assert ids(dqm.clients(1236)) == []
    assert dqm.emulator.complaints() == []
    assert dqm.emulator.writes() == []


def test_refusals_and_complaints(dqm: Dqm) -> None:
    assert dqm.log_in(password="wrong").status_code == 401
    assert dqm.emulator.complaints() == []
    assert dqm.log_in(username="dana").status_code == 400
    assert requests.post(f"{dqm.url}/dqm-security/v1/authenticate", data="{}", timeout=10).status_code == 400
    assert requests.get(f"{dqm.url}/dqm-identity/v1/users/1/clients", timeout=10).status_code == 401
    wrong = requests.delete(f"{dqm.url}/dqm-identity/v1/users/1/clients", timeout=10)
    assert wrong.json() == {"message": "Missing Authentication Token"}
    assert [note["message"] for note in dqm.emulator.complaints()] == [
        "unknown key 'username' in the body",
        "Content-Type is '', not application/json",
        "no Bearer token",
        "wrong method",
    ]


def test_state_may_name_any_users_and_clients(emulator: Emulator) -> None:
    state = {"clients": [{"id": "x1", "name": "X", "status": "TRIAL"}], "users": []}
    emulator.reset(state={"dqm": {**state, "api_username": "zoe@example.org"}})
    assert ids(Dqm(emulator).clients(1)) == ["x1"]
    with pytest.raises(ValueError, match="unknown or missing keys or clients"):
        emulator.reset(state={"dqm": {"users": [{"uid": 1, "email": "a@example.com", "clients": ["none"]}]}})


def check(*keys: str) -> Callable[[Callable[[Dqm], None]], Callable[[Dqm], None]]:
    def register(function: Callable[[Dqm], None]) -> Callable[[Dqm], None]:
        CHECKS.update(dict.fromkeys(keys, function))
        return function

    return register


@check("path=single", "path=doubled")
def case_path(dqm: Dqm) -> None:
    good, bad = ("v1", "v1/v1") if dqm.value("path") == "single" else ("v1/v1", "v1")
    assert dqm.clients(prefix=bad).json() == {"message": "Missing Authentication Token"}
    # trying the documents' template first is what a good client does
    assert len(dqm.emulator.complaints()) == (1 if bad == "v1/v1" else 0)
    assert ids(dqm.clients(prefix=good)) == ALL


@check("unknown_route=403", "unknown_route=404")
def case_unknown_route(dqm: Dqm) -> None:
    status = int(dqm.value("unknown_route"))
    message = {403: "Missing Authentication Token", 404: "Not Found"}[status]
    for answer in (dqm.clients(prefix="v1/v1"), requests.get(f"{dqm.url}/dqm-website/v1/x", timeout=10)):
        assert (answer.status_code, answer.json()) == (status, {"message": message})


@check("uid=int", "uid=str", "uid=missing")
def case_uid(dqm: Dqm) -> None:
    assert dqm.claims().get("uid") == {"int": 1234, "str": "1234", "missing": None}[dqm.value("uid")]


@check("token_life=7200", "token_life=300", "token_life=30")
def case_token_life(dqm: Dqm) -> None:
    life = int(dqm.value("token_life"))
    assert dqm.claims()["exp"] - dqm.claims()["iat"] == life
    dqm.emulator.clock_advance(life - 15)
    assert dqm.clients().status_code == 200
    dqm.token = dqm.renew().json()["token"]
    dqm.emulator.clock_advance(life - 15)
    assert dqm.clients().status_code == 200
    dqm.emulator.clock_advance(30)
    assert dqm.clients().status_code == dqm.renew().status_code == 401


@check("exp=present", "exp=missing")
def case_exp(dqm: Dqm) -> None:
    assert ("exp" in dqm.claims()) is (dqm.value("exp") == "present")
    dqm.emulator.clock_advance(7201)
    assert dqm.clients().status_code == 401


@check("login_status=200", "login_status=201")
def case_login_status(dqm: Dqm) -> None:
    assert dqm.log_in().status_code == int(dqm.value("login_status"))


@check("bad_login=401", "bad_login=403", "bad_login=400")
def case_bad_login(dqm: Dqm) -> None:
    assert dqm.log_in(password="wrong").status_code == int(dqm.value("bad_login"))


@check("expired=401", "expired=403")
def case_expired(dqm: Dqm) -> None:
    status = int(dqm.value("expired"))
    dqm.emulator.faults([{"times": 1, "fault": {"kind": "expire"}}])
    message = {401: "Unauthorized", 403: "The incoming token has expired"}[status]
    answer = dqm.clients()
    assert (answer.status_code, answer.json()) == (status, {"message": message})


@check("renew=object", "renew=string")
def case_renew(dqm: Dqm) -> None:
    answer = dqm.renew().json()
    dqm.token = answer if dqm.value("renew") == "string" else answer["token"]
    assert ids(dqm.clients()) == ALL


@check("clients=object", "clients=list", "clients=null", "clients=missing", "clients=error_200")
def case_clients(dqm: Dqm) -> None:
    some, none = dqm.clients().json(), dqm.clients(1236).json()
    chosen = dqm.value("clients")
    if chosen == "list":
        assert (len(some), none) == (3, [])
    elif chosen in ("object", "null"):
        assert (len(some["clients"]), none) == (3, {"clients": [] if chosen == "object" else None})
    else:
        assert ("clients" in some, some.get("statusCode")) == (False, 500 if chosen == "error_200" else None)


@check("other_user=allowed", "other_user=403", "other_user=401", "other_user=empty")
def case_other_user(dqm: Dqm) -> None:
    answer = dqm.clients(1235)
    chosen = dqm.value("other_user")
    if chosen in ("allowed", "empty"):
        assert ids(answer) == (["abc123"] if chosen == "allowed" else [])
    else:
        assert answer.status_code == int(chosen)
    assert ids(dqm.clients()) == ALL


@check("unknown_user=404", "unknown_user=403", "unknown_user=empty")
def case_unknown_user(dqm: Dqm) -> None:
    answer = dqm.clients(99)
    chosen = dqm.value("unknown_user")
    assert answer.status_code == (200 if chosen == "empty" else int(chosen))
    assert chosen != "empty" or ids(answer) == []


@check("error_body=message", "error_body=Message", "error_body=text", "error_body=html", "error_body=empty")
def case_error_body(dqm: Dqm) -> None:
    answer = dqm.log_in(password="wrong")
    chosen = dqm.value("error_body")
    if chosen.lower() == "message":
        assert answer.json() == {chosen: "Invalid email or password"}
    else:
        kind = {"text": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8"}.get(chosen)
        assert (answer.headers.get("content-type"), bool(answer.text)) == (kind, chosen != "empty")


@check("throttle=off", "throttle=seconds", "throttle=bare")
def case_throttle(dqm: Dqm) -> None:
    answers = [dqm.clients() for _attempt in range(4)]
    chosen = dqm.value("throttle")
    assert [answer.status_code for answer in answers] == ([200] * 4 if chosen == "off" else [429, 200] * 2)
    assert answers[0].headers.get("retry-after") == ("1" if chosen == "seconds" else None)


@pytest.mark.parametrize("dqm", sorted(CHECKS), indirect=True)
def test_switch(dqm: Dqm, request: pytest.FixtureRequest) -> None:
    CHECKS[request.node.callspec.params["dqm"]](dqm)


def test_every_value_of_every_switch_is_checked() -> None:
    assert set(CHECKS) == {f"{switch.name}={choice}" for switch in DQM.switches for choice in switch.choices}
