# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasentinel's ds-api: session tokens, users, roles."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

import jwt
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from .datasentinel_store import DEFAULTS, NO_RESTRICTION, Store, User, local_part
from .datasentinel_switches import SWITCHES
from .fault_effects import LOGIN_PAGE
from .platform import Answer, Endpoint, JsonAnswer, Platform, Types

TOKEN_LIFE_S = 24 * 3600
LOCKED_AFTER, LOCKED_S = 5, 300
PRIVILEGES = ("read", "read write", "admin")
PROFILES = ("developer", "data admin")
_JWT_KEY = "emulator-signing-key-that-no-client-has"
_ADD: dict[str, Types] = {
    "password": str,
    "privilege": str,
    "profile": str,
    "live_360": (int, str),
    "comment": str,
    "ldap": bool,
    "role": str,
    "roles": list,
}


class Datasentinel(Platform):
    name = "datasentinel"
    prefix = "/datasentinel/ds-api"
    switches = SWITCHES
    start_state: ClassVar[dict[str, Any]] = {
        "api_username": "automation@example.com",
        "api_password": "emulated-datasentinel-password",
        "users": [
            {"email": "Ada.Byron@example.com", "privilege": "read", "profile": "developer", "roles": ["billing"]},
            {"email": "grace@example.com", "privilege": "read write", "roles": ["billing", "reporting"], "live_360": 0},
        ],
        "roles": [
            {"name": "billing", "access": [{"filters": [{"tag": "application", "value": "billing"}]}]},
            {"name": "reporting", "access": [{"filters": [{"tag": "environment", "value": "prod"}]}]},
        ],
    }

    # --- the platform ------------------------------------------------------------------------------------------

    def routes(self) -> list[Endpoint]:
        info = ("token", "user-token")
        return [
            Endpoint("GET", "/users", self.list_users),
            Endpoint("GET", "/", self.alive),
            # a session token is no change of anything that is managed
            Endpoint("POST", "/user-token", self.create_token, write=False),
            Endpoint("GET", "/user-token", self.token_info, query=info),
            Endpoint("GET", "/users/{email}", self.get_user),
            Endpoint("POST", "/users/{email}", self.add_user),
            Endpoint("PUT", "/users/{email}", self.update_user),
            Endpoint("DELETE", "/users/{email}", self.delete_user),
            Endpoint("POST", "/users/{email}/role/{role}", self.assign_role),
            Endpoint("DELETE", "/users/{email}/role/{role}", self.remove_role),
            Endpoint("GET", "/roles", self.list_roles),
            Endpoint("GET", "/roles/{role}", self.get_role),
            Endpoint("POST", "/roles/{role}", self.add_role),
            Endpoint("PUT", "/roles/{role}", self.replace_role),
            Endpoint("DELETE", "/roles/{role}", self.delete_role),
            Endpoint("GET", "/roles/{role}/users", self.role_users),
        ]

    def connection(self, base_url: str) -> dict[str, str]:
        return {
            "api_url": base_url + self.mount,
            "api_username": self._account()["login" if self.settings["login_name"] == "login" else "email"],
            "api_password": self._account()["password"],
        }

    def loaded(self) -> None:
        self.store = Store()
        self.store.load(self.state["users"], self.state["roles"])
        if self.store.by_login("datasentinel") is None:  # the built-in account is on every platform
            self.store.add("datasentinel@example.com", id=2, password=secrets.token_hex(8))
        name, password = self.state["api_username"], self.state["api_password"]
        account = self._find_account(name) or self.store.add(name)
        account["password"] = account["password"] or password
        self._issued: dict[str, tuple[int, float]] = {}  # token -> user id, end
        self._ever_issued: set[str] = set()
        self._failed: dict[int, list[float]] = {}  # user id -> times of failed log-ins
        self._list: tuple[int, bytes] = (-1, b"")

    def switched(self) -> None:
        self.store.changed()

    def dump(self) -> dict[str, Any]:
        return {
            **{key: self.state[key] for key in ("api_username", "api_password")},
            "users": [{**user, "roles": list(user["roles"])} for user in self.store.users.values()],
            "roles": [{"name": name, "access": access} for name, access in self.store.roles.items()],
        }

    def secrets(self) -> Iterable[str]:
        yield self.state["api_password"]
        yield from (user["password"] for user in self.store.users.values() if user["password"])
        yield from self._ever_issued

    def expire_sessions(self) -> None:
        self._issued.clear()

    def outside(self, request: Request) -> Response:
        # Grafana's front end is on the same host
        return HTMLResponse(LOGIN_PAGE)

    def error(self, status: int, message: str) -> Response:
        shape = self.settings["error_body"]
        if shape == "empty":
            return Response(status_code=status)
        if shape == "html":
            return HTMLResponse(f"<html><head><title>{status}</title></head><body>{message}</body></html>", status)
        if shape == "text":
            return PlainTextResponse(message, status)
        return JsonAnswer({"message": message} if shape == "message" else _error(message, shape), status)

    # --- sessions ----------------------------------------------------------------------------------------------

    def alive(self, request: Request) -> Response:
        return JsonAnswer({"api": "ds-api", "state": "running"})

    def create_token(self, request: Request) -> Response:
        self.no_body(request)
        user = self._basic(request)
        if self.settings["token_rights"] == "admin" and not _is_admin(user):
            return self.error(int(self.settings["forbidden"]), "Insufficient rights")
        now = self.clock.now()
        if self.settings["token"] == "jwt":
            # the vendor's sample lives five seconds more than a day
            claims = {"exp": int(now) + TOKEN_LIFE_S + 5, "iat": int(now), "database": "Main Org."}
            token = jwt.encode({**claims, "email": user["email"], "user": user["login"]}, _JWT_KEY, "HS256")
        else:
            token = secrets.token_hex(24)
        self._issued[token] = (user["id"], now + TOKEN_LIFE_S)
        self._ever_issued.add(token)
        return JsonAnswer({"user-token": token}, 201)

    def token_info(self, request: Request) -> Response:
        if self.settings["token_info_auth"] == "basic":
            self._basic(request)
        user = self._session(request.query_params.get(self.settings["token_info_key"], ""))
        _, end = self._issued[request.query_params[self.settings["token_info_key"]]]
        expire = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%d %H:%M:%S")
        shown = {"email": user["email"], "expire_time": expire, "organization_name": "Main Org.", "user": user["login"]}
        return JsonAnswer(shown)

    def _basic(self, request: Request) -> User:
        """The account that Basic authentication names, if the password is right; else raises Answer."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        try:
            name, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = colon = password = ""
        if scheme.lower() != "basic" or not colon:
            self.complain(request, "no Basic authentication")
            raise Answer(self.error(401, "Authentication required"))
        user = self._find_account(name)
        if user is None or self._locked(user) or not user["password"] or user["password"] != password:
            if user is not None:
                self._failed.setdefault(user["id"], []).append(self.clock.now())
            raise Answer(self.error(401, "Invalid username or password"))
        self._failed.pop(user["id"], None)
        return user

    def _find_account(self, name: str) -> User | None:
        by_email = self.store.by_email(name, exact=False) if self.settings["login_name"] != "login" else None
        by_login = self.store.by_login(name.lower()) if self.settings["login_name"] != "email" else None
        return by_email or by_login

    def _account(self) -> User:
        """The account that clients of the emulator are given."""
        name = self.state["api_username"]
        user = self.store.by_email(name, exact=False) or self.store.by_login(name.lower())
        return user or {"email": name, "login": local_part(name), "password": self.state["api_password"]}

    def _locked(self, user: User) -> bool:
        recent = [at for at in self._failed.get(user["id"], ()) if at > self.clock.now() - LOCKED_S]
        return self.settings["lockout"] == "yes" and len(recent) >= LOCKED_AFTER

    def _session(self, token: str) -> User:
        number, end = self._issued.get(token, (0, 0.0))
        user = self.store.users.get(number)
        if user is None or end < self.clock.now():
            raise Answer(self.error(401, "Invalid or expired token"))
        return user

    def _admin(self, request: Request) -> None:
        """Let pass only a valid session of a data admin with privilege admin."""
        token = request.headers.get("user-token")
        if token is None:
            self.complain(request, "no header user-token")
            raise Answer(self.error(401, "Token is missing"))
        if not _is_admin(self._session(token)):
            raise Answer(self.error(int(self.settings["forbidden"]), "Insufficient rights"))

    # --- users -------------------------------------------------------------------------------------------------

    def list_users(self, request: Request) -> Response:
        self._admin(request)
        version, body = self._list
        if version != self.store.version:
            body = JsonAnswer([self._shown(user) for user in self.store.users.values()]).body
            self._list = (self.store.version, bytes(body))
        return Response(body, media_type="application/json")

    def get_user(self, request: Request) -> Response:
        return JsonAnswer(self._shown(self._user(request)))

    def add_user(self, request: Request) -> Response:
        self._admin(request)
        email = request.path_params["email"]
        given = self._given(request, _ADD)
        if "@" not in email:
            raise self.refuse(request, f"{email!r} is no e-mail")
        if not given.get("ldap") and not given.get("password"):
            raise self.refuse(request, "a regular user needs a password")
        if given.get("ldap") and "password" in given:
            self.complain(request, "a password beside ldap")
        login = local_part(email).lower()
        if self.store.by_email(email, self._exact()):
            return self.error(409, f"User with email {email} already exists")
        if self.store.by_login(login):
            if self.settings["login_collision"] == "409":
                return self.error(409, f"User with login {login} already exists")
            login = email.lower()
        kept = email.lower() if self.settings["lowercase_email"] == "yes" else email
        self.store.add(kept, login, **given)
        return JsonAnswer({"status": f"User with login {local_part(email)} created successfully"}, 201)

    def update_user(self, request: Request) -> Response:
        user = self._user(request)
        given = self._given(request, {key: types for key, types in _ADD.items() if key != "ldap"})
        if self.settings["put"] == "full":
            given = {**DEFAULTS, **given}
        for field in ("roles", "live_360"):
            # the old generation's document of PUT names both
            if self.settings["generation"] == "new" and self.settings[f"put_ignores_{field}"] == "yes":
                given.pop(field, None)
        user.update({key: list(value) if key == "roles" else value for key, value in given.items()})
        self.store.changed()
        return JsonAnswer({"status": "User updated successfully!"}, int(self.settings["put_status"]))

    def delete_user(self, request: Request) -> Response:
        self.no_body(request)
        self.store.delete(self._user(request))
        return JsonAnswer({"message": "User deleted"})

    def assign_role(self, request: Request) -> Response:
        user, role = self._membership(request)
        if self.settings["empty_post"] == "ok":
            self.no_body(request)
        elif self.body(request).strip() != b"{}":
            return self.error(int(self.settings["empty_post"]), "The request body is empty")
        if role in user["roles"]:
            if self.settings["assign_twice"] == "409":
                return self.error(409, f"Role {role} is already assigned to {user['email']}")
        else:
            user["roles"] = self._roles(request, [*user["roles"], role])
            self.store.changed()
        return self._membership_answer(f"Role {role} has been assigned to {user['email']}")

    def remove_role(self, request: Request) -> Response:
        self.no_body(request)
        user, role = self._membership(request)
        if role in user["roles"]:
            user["roles"] = [each for each in user["roles"] if each != role]
            self.store.changed()
        elif self.settings["remove_missing"] == "404":
            return self.error(404, f"Role {role} is not assigned to {user['email']}")
        return self._membership_answer(f"Role {role} has been removed from {user['email']}")

    def _membership(self, request: Request) -> tuple[User, str]:
        if self.settings["generation"] == "old":
            self.complain(request, "a server before 2024.04 has one role per user, set by PUT")
            raise Answer(self.not_found(request))
        return self._user(request), self._role(request)

    def _membership_answer(self, text: str) -> Response:
        return JsonAnswer({"status": text}, int(self.settings["assign_status"]))

    def _exact(self) -> bool:
        return self.settings["email_match"] == "exact" and self.settings["lowercase_email"] == "no"

    def _user(self, request: Request) -> User:
        self._admin(request)
        email = request.path_params["email"]
        user = self.store.by_email(email, self._exact())
        if user is None:
            raise Answer(self._unknown("unknown_user", f"User {email} not found"))
        return user

    def _unknown(self, switch: str, message: str) -> Response:
        answer = self.settings[switch]
        if answer == "500":
            return Response(status_code=500)
        if answer == "200_error":
            return JsonAnswer({"error": message})
        return self.error(int(answer), message)

    def _given(self, request: Request, shape: dict[str, Types]) -> dict[str, Any]:
        """The fields of the body as the store keeps them; raises Answer for what the server would not take."""
        old = self.settings["generation"] == "old"
        if old:
            shape = {key: types for key, types in shape.items() if key != "roles"}
        if self.settings["unknown_key"] == "ignored":
            unknown = [key for key in self._peek(request) if key not in shape]
            if unknown:
                self.complain(request, f"unknown keys {unknown} in the body")
            shape = {**shape, **dict.fromkeys(unknown, (str, int, float, bool, list, dict, type(None)))}
            given = {key: value for key, value in self.json_body(request, shape).items() if key not in unknown}
        else:
            given = self.json_body(request, shape)
        for key, values in (("privilege", PRIVILEGES), ("profile", PROFILES), ("live_360", (0, 1, "0", "1"))):
            if key in given and given[key] not in values:
                raise self.refuse(request, f"{key} cannot be {given[key]!r}")
        if "live_360" in given:
            given["live_360"] = int(given["live_360"])
        if "role" in given:
            role = given.pop("role")
            given.setdefault("roles", [] if role in ("", NO_RESTRICTION) else [role])
        if "roles" in given:
            given["roles"] = self._roles(request, given["roles"])
        if old or self.settings["comment"] == "unsupported":
            given.pop("comment", None)
        return given

    def _peek(self, request: Request) -> dict[str, Any]:
        try:
            data = json.loads(self.body(request))
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    def _roles(self, request: Request, roles: list[Any]) -> list[str]:
        """The roles as the server keeps them."""
        for role in roles:
            if not isinstance(role, str):
                raise self.refuse(request, "roles are not all strings")
            if role not in self.store.roles:
                raise Answer(self._unknown("unknown_role", f"Role {role} not found"))
        roles = list(dict.fromkeys(roles))
        if len(roles) > 1 and self.settings["single_role_only"] == "refused":
            raise Answer(self.error(400, "A user can only be assigned one role"))
        return roles[-1:] if self.settings["single_role_only"] == "yes" else roles

    def _shown(self, user: User, old: bool | None = None) -> dict[str, Any]:
        """A user as the server answers; never the password, never `ldap`."""
        old = self.settings["generation"] == "old" if old is None else old
        shown = {key: user[key] for key in ("id", "login", "email", "profile", "privilege")}
        if old:
            shown["role"] = user["roles"][0] if user["roles"] else NO_RESTRICTION
        else:
            shown["roles"] = user["roles"]
        kind: Any = {"int": int, "str": str, "bool": bool}[self.settings["live_360"]]
        shown["live_360"] = kind(user["live_360"])
        comment = self.settings["comment"]
        if not old and comment != "unsupported" and (user["comment"] or comment != "missing"):
            shown["comment"] = user["comment"] or (None if comment == "null" else "")
        return shown

    # --- roles -------------------------------------------------------------------------------------------------

    def list_roles(self, request: Request) -> Response:
        self._admin(request)
        return JsonAnswer([{"name": name, "access": access} for name, access in self.store.roles.items()])

    def get_role(self, request: Request) -> Response:
        self._admin(request)
        role = self._role(request)
        return JsonAnswer({"name": role, "access": self.store.roles[role]})

    def add_role(self, request: Request) -> Response:
        self._admin(request)
        role = request.path_params["role"]
        access = self._access(request)
        if role in self.store.roles:
            return self.error(409, f"Role name {role} already exists")
        self.store.roles[role] = access
        return JsonAnswer({"status": f"Role name {role} created successfully"}, 201)

    def replace_role(self, request: Request) -> Response:
        self._admin(request)
        role = self._role(request)
        self.store.roles[role] = self._access(request)
        return JsonAnswer({"status": f"Role name {role} updated successfully"})

    def delete_role(self, request: Request) -> Response:
        self.no_body(request)
        self._admin(request)
        role = self._role(request)
        if self.store.with_role(role):
            return self.error(400, f"Role {role} is assigned to users")
        del self.store.roles[role]
        return JsonAnswer({"status": f"Role name {role} deleted successfully"})

    def role_users(self, request: Request) -> Response:
        self._admin(request)
        old = True if self.settings["role_users"] == "old" else None
        return JsonAnswer([self._shown(user, old) for user in self.store.with_role(self._role(request))])

    def _role(self, request: Request) -> str:
        role: str = request.path_params["role"]
        if role not in self.store.roles:
            raise Answer(self._unknown("unknown_role", f"Role {role} not found"))
        return role

    def _access(self, request: Request) -> list[Any]:
        access: list[Any] = self.json_body(request, {"access": list}, required=["access"])["access"]
        for entry in access:
            filters = entry.get("filters") if isinstance(entry, dict) else None
            good = isinstance(filters, list) and all(
                isinstance(each, dict) and set(each) == {"tag", "value"} for each in filters
            )
            if not good:
                raise self.refuse(request, "an access entry is not {filters: [{tag, value}]}")
        return access


def _error(message: str, shape: str) -> dict[str, Any]:
    return {"error": {"message": message} if shape == "error_object" else message}


def _is_admin(user: User) -> bool:
    return user["profile"] == "data admin" and user["privilege"] == "admin"
