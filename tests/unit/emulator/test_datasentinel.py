# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated Datasentinel as documented: happy paths, refusals, strictness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from emulator.server import Emulator

BUILT_IN = "datasentinel@example.com"
NEW = {"password": "pass-of-jo", "privilege": "read", "profile": "developer", "live_360": 0, "roles": ["billing"]}


class Api:
    """Calls with the session token of the emulator's account."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        options = emulator.connections["datasentinel"]
        self.url = options["api_url"]
        self.login = (options["api_username"], options["api_password"])
        self.session = requests.Session()
        self.session.headers["user-token"] = self.token(*self.login).json()["user-token"]

    def token(self, username: str, password: str) -> requests.Response:
        return requests.post(f"{self.url}/user-token", auth=(username, password), timeout=10)

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, timeout=10, **more)

    def user(self, email: str) -> dict[str, Any]:
        shown = [user for user in self("GET", "/users").json() if user["email"].lower() == email.lower()]
        assert len(shown) == 1
        return dict(shown[0])


@pytest.fixture
def api(emulator: Emulator) -> Iterator[Api]:
    api = Api(emulator)
    yield api
    api.session.close()


def test_a_user_lives_and_dies(api: Api) -> None:
    created = api("POST", "/users/Jo.Doe@example.com", NEW)
    assert (created.status_code, created.json()) == (201, {"status": "User with login Jo.Doe created successfully"})
    shown = {
        "id": 57,
        "login": "jo.doe",
        "email": "Jo.Doe@example.com",
        "profile": "developer",
        "privilege": "read",
        "roles": ["billing"],
        "live_360": 0,
        "comment": "",
    }
    assert api("GET", "/users/jo.doe@EXAMPLE.com").json() == api.user("jo.doe@example.com") == shown
    updated = api("PUT", "/users/jo.doe@example.com", {"privilege": "read write", "comment": "hello"})
    assert (updated.status_code, updated.json()) == (200, {"status": "User updated successfully!"})
    assert api.user("jo.doe@example.com") == {**shown, "privilege": "read write", "comment": "hello"}
    assigned = api("POST", "/users/jo.doe@example.com/role/reporting")
    assert assigned.json() == {"status": "Role reporting has been assigned to Jo.Doe@example.com"}
    removed = api("DELETE", "/users/jo.doe@example.com/role/billing")
    assert removed.json() == {"status": "Role billing has been removed from Jo.Doe@example.com"}
    assert api.user("jo.doe@example.com")["roles"] == ["reporting"]
    deleted = api("DELETE", "/users/jo.doe@example.com")
    assert (deleted.status_code, deleted.json()) == (200, {"message": "User deleted"})
    assert api("GET", "/users/jo.doe@example.com").status_code == 404
    assert api.emulator.complaints() == []


def test_the_unsafe_defaults_of_the_vendor(api: Api) -> None:
    api("POST", "/users/jo@example.com", {"password": "pass-of-jo"})
    user = api.user("jo@example.com")
    assert (user["privilege"], user["profile"], user["live_360"], user["roles"]) == ("admin", "data admin", 1, [])


def test_ldap_users_need_no_password_and_do_not_show_it(api: Api) -> None:
    assert api("POST", "/users/jo@example.com", {"ldap": True, "privilege": "read"}).status_code == 201
    assert {"ldap", "password"}.isdisjoint(api.user("jo@example.com"))
    assert api.token("jo@example.com", "").status_code == 401


def test_the_deprecated_role_is_still_taken(api: Api) -> None:
    api("POST", "/users/jo@example.com", {"password": "pass-of-jo", "role": "billing"})
    assert api.user("jo@example.com")["roles"] == ["billing"]
    api("PUT", "/users/jo@example.com", {"role": "No restriction"})
    assert api.user("jo@example.com")["roles"] == []


def test_conflicts(api: Api) -> None:
    api("POST", "/users/jo@example.com", NEW)
    again = api("POST", "/users/JO@example.com", NEW)
    assert (again.status_code, again.json()) == (409, {"error": "User with email JO@example.com already exists"})
    collision = api("POST", "/users/jo@example.org", NEW)
    assert (collision.status_code, collision.json()) == (409, {"error": "User with login jo already exists"})
    api("DELETE", "/users/jo@example.com")
    assert api("POST", "/users/jo@example.org", NEW).status_code == 201


def test_session_tokens(api: Api) -> None:
    token = api.token(*api.login)
    assert token.status_code == 201
    claims = jwt.decode(token.json()["user-token"], options={"verify_signature": False})
    assert set(claims) == {"exp", "iat", "database", "email", "user"}
    assert (claims["exp"] - claims["iat"], claims["email"]) == (86405, api.login[0])
    assert api.token(api.login[0], "wrong").status_code == 401
    assert api.token("nobody@example.com", "wrong").status_code == 401
    info = api("GET", "/user-token", params={"token": token.json()["user-token"]}).json()
    assert set(info) == {"email", "expire_time", "organization_name", "user"}
    assert api("GET", "/user-token", params={"token": "forged"}).status_code == 401
    assert api("GET", "/users", headers={"user-token": "forged"}).status_code == 401
    assert api.emulator.complaints() == []
    assert requests.get(f"{api.url}/users", auth=api.login, timeout=10).status_code == 401
    assert api("POST", "/user-token").status_code == 401
    messages = [note["message"] for note in api.emulator.complaints()]
    assert messages == ["no header user-token", "no Basic authentication"]


def test_a_token_ends_after_a_day_or_with_its_user(api: Api) -> None:
    api.emulator.clock_advance(24 * 3600 - 60)
    assert api("GET", "/users").status_code == 200
    api.emulator.clock_advance(120)
    assert api("GET", "/users").status_code == 401
    api.session.headers["user-token"] = api.token(*api.login).json()["user-token"]
    assert api("DELETE", f"/users/{api.login[0]}").status_code == 200
    assert api("GET", "/users").status_code == 401


def test_the_caller_must_be_an_administrator(api: Api) -> None:
    api("POST", "/users/jo@example.com", NEW)
    api.session.headers["user-token"] = api.token("jo@example.com", NEW["password"]).json()["user-token"]
    for method, path in (("GET", "/users"), ("DELETE", f"/users/{BUILT_IN}"), ("GET", "/roles")):
        assert api(method, path).status_code == 403


def test_alive_needs_no_token(api: Api) -> None:
    assert requests.get(f"{api.url}/", timeout=10).json()


def test_a_password_is_changed_by_put(api: Api) -> None:
    api("POST", "/users/jo@example.com", NEW)
    api("PUT", "/users/jo@example.com", {"password": "another-one"})
    assert api.token("jo@example.com", NEW["password"]).status_code == 401
    assert api.token("JO", "another-one").status_code == 201


def test_roles_live_and_die(api: Api) -> None:
    access = [{"filters": [{"tag": "environment", "value": "prod"}]}]
    assert api("POST", "/roles/two words", {"access": access}).json() == {
        "status": "Role name two words created successfully"
    }
    assert api("POST", "/roles/two words", {"access": access}).status_code == 409
    assert api("GET", "/roles/two%20words").json() == {"name": "two words", "access": access}
    assert [role["name"] for role in api("GET", "/roles").json()] == ["billing", "reporting", "two words"]
    assert api("PUT", "/roles/two words", {"access": []}).status_code == 200
    assert api("GET", "/roles/two words").json()["access"] == []
    api("POST", "/users/grace@example.com/role/two words")
    assert [user["login"] for user in api("GET", "/roles/two words/users").json()] == ["grace"]
    assert api("DELETE", "/roles/two words").status_code == 400  # a user has it
    api("DELETE", "/users/grace@example.com/role/two words")
    assert api("DELETE", "/roles/two words").json() == {"status": "Role name two words deleted successfully"}
    assert api("GET", "/roles/two words").status_code == 404
    assert api("PUT", "/roles/two words", {"access": []}).status_code == 404
    assert api.emulator.complaints() == []


@pytest.mark.parametrize(
    ("method", "path", "body", "complaint"),
    [
        ("POST", "/users/jo@example.com", {"privilege": "read"}, "needs a password"),
        ("POST", "/users/jo@example.com", {**NEW, "privilege": "owner"}, "privilege cannot be 'owner'"),
        ("POST", "/users/jo@example.com", {**NEW, "profile": 1}, "wrong type of 'profile'"),
        ("POST", "/users/jo@example.com", {**NEW, "live_360": True}, "wrong type of 'live_360'"),
        ("POST", "/users/jo@example.com", {**NEW, "live_360": 2}, "live_360 cannot be 2"),
        ("POST", "/users/jo@example.com", {**NEW, "login": "jo"}, "unknown key 'login'"),
        ("POST", "/users/jo@example.com", {**NEW, "roles": [1]}, "not all strings"),
        ("POST", "/users/jo", NEW, "is no e-mail"),
        ("PUT", "/users/grace@example.com", {"ldap": True}, "unknown key 'ldap'"),
        ("PUT", "/users/grace@example.com", ["list"], "not a JSON object"),
        ("PUT", "/users/grace@example.com", None, "Content-Type"),
        ("POST", "/roles/new", {}, "missing key 'access'"),
        ("POST", "/roles/new", {"access": [{"filter": []}]}, "access entry"),
        ("POST", "/roles/new", {"access": [{"filters": [{"tag": "a"}]}]}, "access entry"),
    ],
)
def test_what_no_document_allows_is_refused_and_noted(
    api: Api, method: str, path: str, body: object, complaint: str
) -> None:
    before = api("GET", "/users").json()
    assert api(method, path, body).status_code == 400
    assert [complaint in note["message"] for note in api.emulator.complaints()] == [True]
    assert api("GET", "/users").json() == before


def test_bodies_where_none_is_due_are_noted(api: Api) -> None:
    api("POST", "/users/grace@example.com/role/billing", {})
    api("DELETE", "/users/grace@example.com/role/billing", {})
    api("POST", "/users/jo@example.com", {"ldap": True, "password": "x", "privilege": "read"})
    messages = [note["message"] for note in api.emulator.complaints()]
    assert messages == ["a body where none is due", "a body where none is due", "a password beside ldap"]


def test_broken_json_is_refused(api: Api) -> None:
    header = {"content-type": "application/json; charset=utf-8"}
    assert api("PUT", "/users/grace@example.com", data="{", headers=header).status_code == 400
    assert [note["message"] for note in api.emulator.complaints()] == ["the body is not JSON"]


def test_a_slash_in_a_name_does_not_survive(api: Api) -> None:
    assert api("DELETE", "/users/a%2Fb@example.com").status_code == 404
    assert [note["message"] for note in api.emulator.complaints()] == ["unknown route"]
