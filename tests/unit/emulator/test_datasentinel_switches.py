# SPDX-License-Identifier: GPL-3.0-or-later
"""Each value of each switch of the emulated Datasentinel changes what it says it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests

from emulator.datasentinel import Datasentinel
from emulator.server import Emulator

JO = "/users/Jo@example.com"
NEW = {"password": "pass-of-jo", "privilege": "read", "profile": "developer", "live_360": 0, "comment": "old friend"}
CHECKS: dict[str, Callable[[Ds], None]] = {}


class Ds:
    """Calls on an emulator where one switch is set."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.options = emulator.connections["datasentinel"]
        self.url = self.options["api_url"]
        self.login = (self.options["api_username"], self.options["api_password"])
        self.token = self.log_in(*self.login).json()["user-token"]

    def log_in(self, username: str, password: str) -> requests.Response:
        return requests.post(f"{self.url}/user-token", auth=(username, password), timeout=10)

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        headers = {"user-token": self.token}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=10, **more)

    def create(self, **fields: object) -> dict[str, Any]:
        assert self("POST", JO, {**NEW, **fields}).status_code == 201
        return self.jo()

    def jo(self) -> dict[str, Any]:
        return next(user for user in self("GET", "/users").json() if user["login"] == "jo")

    def as_jo(self) -> requests.Response:
        return self.log_in("jo@example.com", NEW["password"])


def check(*keys: str) -> Callable[[Callable[[Ds], None]], Callable[[Ds], None]]:
    def register(function: Callable[[Ds], None]) -> Callable[[Ds], None]:
        CHECKS.update(dict.fromkeys(keys, function))
        return function

    return register


def value(ds: Ds, switch: str) -> str:
    return str(ds.emulator.switches()[f"datasentinel.{switch}"]["value"])


def error_of(answer: requests.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def ds(request: pytest.FixtureRequest, emulator: Emulator) -> Ds:
    switch, _ignored, chosen = request.param.partition("=")
    emulator.reset(switches={f"datasentinel.{switch}": chosen})
    return Ds(emulator)


@check("generation=new")
def case_generation(ds: Ds) -> None:
    assert ds.create(roles=["billing"])["roles"] == ["billing"]
    assert "role" not in ds.jo()


@check("generation=old")
def case_generation_2(ds: Ds) -> None:
    jo = ds.create(role="billing")
    assert (jo["role"], "roles" in jo, "comment" in jo) == ("billing", False, False)
    ds("PUT", JO, {"role": "No restriction"})
    assert ds.jo()["role"] == "No restriction"
    assert ds.emulator.complaints() == []
    assert ds("PUT", JO, {"roles": ["billing"]}).status_code == 400
    assert ds("POST", JO + "/role/billing").status_code == 404
    assert len(ds.emulator.complaints()) == 2


@check("put=partial")
def case_put(ds: Ds) -> None:
    before = ds.create(roles=["billing"])
    ds("PUT", JO, {"live_360": 1})
    assert ds.jo() == {**before, "live_360": 1}


@check("put=full")
def case_put_2(ds: Ds) -> None:
    before = ds.create(roles=["billing"])
    ds("PUT", JO, {"live_360": 0})
    reset = {"privilege": "admin", "profile": "data admin", "roles": [], "comment": ""}
    assert ds.jo() == {**before, **reset}
    assert ds.as_jo().status_code == 201  # the password is kept


@check("put_ignores_roles=no", "put_ignores_roles=yes")
def case_put_ignores_roles(ds: Ds) -> None:
    ds.create(roles=["billing"])
    assert ds("PUT", JO, {"roles": ["reporting"]}).status_code == 200
    assert ds.jo()["roles"] == ["billing" if value(ds, "put_ignores_roles") == "yes" else "reporting"]


@check("put_ignores_live_360=no", "put_ignores_live_360=yes")
def case_put_ignores_live_360(ds: Ds) -> None:
    ds.create()
    assert ds("PUT", JO, {"live_360": 1}).status_code == 200
    assert ds.jo()["live_360"] == (0 if value(ds, "put_ignores_live_360") == "yes" else 1)


@check("put_status=200", "put_status=201")
def case_put_status(ds: Ds) -> None:
    ds.create()
    assert ds("PUT", JO, {}).status_code == int(value(ds, "put_status"))


UNKNOWN = {"404": 404, "400": 400, "200_error": 200, "500": 500}


@check(*(f"unknown_user={choice}" for choice in UNKNOWN))
def case_unknown_user(ds: Ds) -> None:
    chosen = value(ds, "unknown_user")
    body = None if chosen == "500" else {"error": "User Jo@example.com not found"}
    for method, path, sent in (
        ("GET", JO, None),
        ("PUT", JO, {}),
        ("DELETE", JO, None),
        ("POST", JO + "/role/x", None),
    ):
        assert error_of(ds(method, path, sent)) == (UNKNOWN[chosen], body)


@check(*(f"unknown_role={choice}" for choice in UNKNOWN))
def case_unknown_role(ds: Ds) -> None:
    chosen = value(ds, "unknown_role")
    ds.create()
    expected = UNKNOWN[chosen], None if chosen == "500" else {"error": "Role none not found"}
    for method, path, sent in (
        ("POST", JO + "/role/none", None),
        ("DELETE", JO + "/role/none", None),
        ("PUT", JO, {"roles": ["none"]}),
        ("POST", "/users/x@example.com", {**NEW, "roles": ["none"]}),
        ("GET", "/roles/none", None),
    ):
        assert error_of(ds(method, path, sent)) == expected


@check("unknown_key=400", "unknown_key=ignored")
def case_unknown_key(ds: Ds) -> None:
    refused = value(ds, "unknown_key") == "400"
    assert ds("POST", JO, {**NEW, "login": "x"}).status_code == (400 if refused else 201)
    assert len(ds.emulator.complaints()) == 1
    if not refused:
        assert ds("PUT", JO, {"ldap": None, "comment": "new"}).status_code == 200
        assert ds.jo()["comment"] == "new"


@check("lowercase_email=no", "lowercase_email=yes")
def case_lowercase_email(ds: Ds) -> None:
    assert ds.create()["email"] == ("jo@example.com" if value(ds, "lowercase_email") == "yes" else "Jo@example.com")


@check("email_match=insensitive", "email_match=exact")
def case_email_match(ds: Ds) -> None:
    ds.create()
    assert ds("GET", JO).status_code == 200
    assert ds("GET", "/users/jo@example.com").status_code == (404 if value(ds, "email_match") == "exact" else 200)


@check("login_collision=409", "login_collision=distinct")
def case_login_collision(ds: Ds) -> None:
    ds.create()
    answer = ds("POST", "/users/jo@example.org", NEW)
    if value(ds, "login_collision") == "409":
        assert answer.status_code == 409
    else:
        assert ds("GET", "/users/jo@example.org").json()["login"] == "jo@example.org"


@check("single_role_only=no", "single_role_only=yes", "single_role_only=refused")
def case_single_role_only(ds: Ds) -> None:
    ds.create(roles=["billing"])
    chosen = value(ds, "single_role_only")
    status, kept = {"no": (200, 2), "yes": (200, 1), "refused": (400, 1)}[chosen]
    assert ds("POST", JO + "/role/reporting").status_code == status
    assert ds.jo()["roles"] == (["billing"] if chosen == "refused" else ["billing", "reporting"][-kept:])
    assert ds("PUT", JO, {"roles": ["reporting", "billing"]}).status_code == status
    assert len(ds.jo()["roles"]) == kept


@check("assign_status=200", "assign_status=201")
def case_assign_status(ds: Ds) -> None:
    ds.create()
    assert ds("POST", JO + "/role/billing").status_code == int(value(ds, "assign_status"))
    assert ds("DELETE", JO + "/role/billing").status_code == int(value(ds, "assign_status"))


@check("assign_twice=ok", "assign_twice=409")
def case_assign_twice(ds: Ds) -> None:
    ds.create(roles=["billing"])
    assert ds("POST", JO + "/role/billing").status_code == (200 if value(ds, "assign_twice") == "ok" else 409)
    assert ds.jo()["roles"] == ["billing"]


@check("remove_missing=ok", "remove_missing=404")
def case_remove_missing(ds: Ds) -> None:
    ds.create()
    assert ds("DELETE", JO + "/role/billing").status_code == (200 if value(ds, "remove_missing") == "ok" else 404)


@check("empty_post=ok", "empty_post=400", "empty_post=415")
def case_empty_post(ds: Ds) -> None:
    ds.create()
    chosen = value(ds, "empty_post")
    assert ds("POST", JO + "/role/billing").status_code == (200 if chosen == "ok" else int(chosen))
    assert ds("POST", JO + "/role/billing", {}).status_code == 200
    assert len(ds.emulator.complaints()) == (1 if chosen == "ok" else 0)
    assert ds.jo()["roles"] == ["billing"]


@check("role_users=old", "role_users=new")
def case_role_users(ds: Ds) -> None:
    ds.create(roles=["billing"])
    jo = ds("GET", "/roles/billing/users").json()[-1]
    assert jo["login"] == "jo"
    if value(ds, "role_users") == "old":
        assert (jo["role"], "roles" in jo, "comment" in jo) == ("billing", False, False)
    else:
        assert jo == ds.jo()


@check("live_360=int", "live_360=str", "live_360=bool")
def case_live_360(ds: Ds) -> None:
    shown = ds.create(live_360=1)["live_360"]
    expected = {"int": 1, "str": "1", "bool": True}[value(ds, "live_360")]
    assert (shown, type(shown)) == (expected, type(expected))
    assert ds("PUT", JO, {"live_360": "1"}).status_code == 200


@check("comment=empty", "comment=missing", "comment=null", "comment=unsupported")
def case_comment(ds: Ds) -> None:
    chosen = value(ds, "comment")
    assert ds.create().get("comment") == (None if chosen == "unsupported" else "old friend")
    ds("PUT", JO, {"comment": ""})
    assert {"comment": "kept"} | ds.jo() == {**ds.jo(), "comment": {"empty": "", "null": None}.get(chosen, "kept")}


ERRORS = {
    "error": {"error": "Insufficient rights"},
    "error_object": {"error": {"message": "Insufficient rights"}},
    "message": {"message": "Insufficient rights"},
}


@check(*(f"error_body={choice}" for choice in (*ERRORS, "text", "html", "empty")))
def case_error_body(ds: Ds) -> None:
    ds.create()
    ds.token = ds.as_jo().json()["user-token"]
    answer = ds("GET", "/users")
    assert answer.status_code == 403
    chosen = value(ds, "error_body")
    if chosen in ERRORS:
        assert answer.json() == ERRORS[chosen]
    else:
        kind = {"text": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8"}.get(chosen)
        assert (answer.headers.get("content-type"), bool(answer.text)) == (kind, chosen != "empty")


@check("forbidden=401", "forbidden=403")
def case_forbidden(ds: Ds) -> None:
    ds.create()
    ds.token = ds.as_jo().json()["user-token"]
    assert ds("GET", "/users").status_code == int(value(ds, "forbidden"))


@check("login_name=both", "login_name=email", "login_name=login")
def case_login_name(ds: Ds) -> None:
    ds.create()
    chosen = value(ds, "login_name")
    assert ds.as_jo().status_code == (401 if chosen == "login" else 201)
    assert ds.log_in("jo", NEW["password"]).status_code == (401 if chosen == "email" else 201)
    assert ("@" in ds.options["api_username"]) is (chosen != "login")


@check("token=jwt", "token=opaque")
def case_token(ds: Ds) -> None:
    assert ds("GET", "/users").status_code == 200
    if value(ds, "token") == "jwt":
        assert jwt.decode(ds.token, options={"verify_signature": False})["user"] == "automation"
    else:
        with pytest.raises(jwt.DecodeError):
            jwt.decode(ds.token, options={"verify_signature": False})


@check("token_rights=any", "token_rights=admin")
def case_token_rights(ds: Ds) -> None:
    ds.create()
    assert ds.as_jo().status_code == (201 if value(ds, "token_rights") == "any" else 403)
    assert ds.log_in("jo@example.com", "wrong").status_code == 401


@check("token_info_key=token", "token_info_key=user-token")
def case_token_info_key(ds: Ds) -> None:
    chosen = value(ds, "token_info_key")
    for key in ("token", "user-token"):
        answer = requests.get(f"{ds.url}/user-token", params={key: ds.token}, timeout=10)
        assert answer.status_code == (200 if key == chosen else 401)


@check("token_info_auth=none", "token_info_auth=basic")
def case_token_info_auth(ds: Ds) -> None:
    bare = requests.get(f"{ds.url}/user-token", params={"token": ds.token}, timeout=10)
    assert bare.status_code == (200 if value(ds, "token_info_auth") == "none" else 401)
    named = requests.get(f"{ds.url}/user-token", params={"token": ds.token}, auth=ds.login, timeout=10)
    assert named.json()["email"] == "automation@example.com"


@check("lockout=no", "lockout=yes")
def case_lockout(ds: Ds) -> None:
    ds.create()
    for _attempt in range(5):
        assert ds.log_in("jo@example.com", "wrong").status_code == 401
    assert ds.as_jo().status_code == (401 if value(ds, "lockout") == "yes" else 201)
    ds.emulator.clock_advance(301)
    assert ds.as_jo().status_code == 201


@pytest.mark.parametrize("ds", sorted(CHECKS), indirect=True)
def test_switch(ds: Ds, request: pytest.FixtureRequest) -> None:
    CHECKS[request.node.callspec.params["ds"]](ds)


def test_every_value_of_every_switch_is_checked() -> None:
    assert set(CHECKS) == {f"{switch.name}={choice}" for switch in Datasentinel.switches for choice in switch.choices}
