# SPDX-License-Identifier: GPL-3.0-or-later
"""What all of Datasentinel's ds-api stands on: state, log-in, errors, how a user is shown."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from .datasentinel_store import NO_RESTRICTION, Store, User, local_part
from .datasentinel_switches import SWITCHES
from .fault_effects import LOGIN_PAGE
from .names import folded
from .platform import Answer, JsonAnswer, Platform
from .sessions import Sessions

TOKEN_LIFE_S = 24 * 3600
LOCKED_AFTER, LOCKED_S = 5, 300


class DsApi(Platform):
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
        if "id" not in self._account():
            self.store.add(self.state["api_username"])
        account = self._account()
        account["password"] = account["password"] or self.state["api_password"]
        self.sessions: Sessions[int] = Sessions(self.clock)  # of user ids
        self._failed: dict[int, list[float]] = {}  # user id -> times of failed log-ins

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
        yield from self.sessions.ever_issued()

    def expire_sessions(self) -> None:
        self.sessions.expire()

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
        claims = None
        if self.settings["token"] == "jwt":
            now = int(self.clock.now())
            # the vendor's sample lives five seconds more than a day
            claims = {"exp": now + TOKEN_LIFE_S + 5, "iat": now, "database": "Main Org."}
            claims |= {"email": user["email"], "user": user["login"]}
        return JsonAnswer({"user-token": self.sessions.issue(user["id"], TOKEN_LIFE_S, claims)}, 201)

    def token_info(self, request: Request) -> Response:
        if self.settings["token_info_auth"] == "basic":
            self._basic(request)
        user, end = self._session(request.query_params.get(self.settings["token_info_key"], ""))
        expire = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%d %H:%M:%S")
        shown = {"email": user["email"], "expire_time": expire, "organization_name": "Main Org.", "user": user["login"]}
        return JsonAnswer(shown)

    def _basic(self, request: Request) -> User:
        """The account that Basic authentication names, if the password is right; else raises Answer."""
        scheme, _ignored, text = request.headers.get("authorization", "").partition(" ")
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
        by_login = self.store.by_login(folded(name)) if self.settings["login_name"] != "email" else None
        return by_email or by_login

    def _account(self) -> User:
        """The account that clients of the emulator are given; when it was deleted, what it was."""
        name = self.state["api_username"]
        user = self.store.by_email(name, exact=False) or self.store.by_login(folded(name))
        return user or {"email": name, "login": folded(local_part(name)), "password": self.state["api_password"]}

    def _locked(self, user: User) -> bool:
        recent = [at for at in self._failed.get(user["id"], ()) if at > self.clock.now() - LOCKED_S]
        return self.settings["lockout"] == "yes" and len(recent) >= LOCKED_AFTER

    def _session(self, token: str) -> tuple[User, float]:
        """The user of a session token, and when it ends."""
        number, end = self.sessions.find(token) or (0, 0.0)
        user = self.store.users.get(number)
        if user is None:
            raise Answer(self.error(401, "Invalid or expired token"))
        return user, end

    def require_admin(self, request: Request) -> None:
        """Let pass only a valid session of a data admin with privilege admin."""
        token = request.headers.get("user-token")
        if token is None:
            self.complain(request, "no header user-token")
            raise Answer(self.error(401, "Token is missing"))
        if not _is_admin(self._session(token)[0]):
            raise Answer(self.error(int(self.settings["forbidden"]), "Insufficient rights"))

    # --- what users and roles share -------------------------------------------------------------------------------

    def unknown(self, switch: str, message: str) -> Response:
        answer = self.settings[switch]
        if answer == "500":
            return Response(status_code=500)
        if answer == "200_error":
            return JsonAnswer({"error": message})
        return self.error(int(answer), message)

    def role(self, request: Request) -> str:
        role: str = request.path_params["role"]
        if role not in self.store.roles:
            raise Answer(self.unknown("unknown_role", f"Role {role} not found"))
        return role

    def shown(self, user: User, old: bool | None = None) -> dict[str, Any]:
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


def _error(message: str, shape: str) -> dict[str, Any]:
    return {"error": {"message": message} if shape == "error_object" else message}


def _is_admin(user: User) -> bool:
    return (user["profile"], user["privilege"]) == ("data admin", "admin")
