# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasentinel's ds-api: its endpoints, and the calls on users."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .datasentinel_roles import RoleCalls
from .datasentinel_store import DEFAULTS, NO_RESTRICTION, User, local_part
from .names import folded
from .platform import ANY, Answer, Endpoint, JsonAnswer, Types

PRIVILEGES = ("read", "read write", "admin")
PROFILES = ("developer", "data admin")
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


class Datasentinel(RoleCalls):
    _rendered: tuple[int, bytes] = (-1, b"")  # version of the store, the list of users as JSON

    def loaded(self) -> None:
        super().loaded()
        self._rendered = (-1, b"")

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

    def list_users(self, request: Request) -> Response:
        self.require_admin(request)
        if self._rendered[0] != self.store.version:
            answer = JsonAnswer([self.shown(user) for user in self.store.users.values()])
            self._rendered = (self.store.version, bytes(answer.body))
        return Response(self._rendered[1], media_type="application/json")

    def get_user(self, request: Request) -> Response:
        return JsonAnswer(self.shown(self._user(request)))

    def add_user(self, request: Request) -> Response:
        self.require_admin(request)
        email = request.path_params["email"]
        given = self._given(request, _ADD)
        if "@" not in email:
            raise self.refuse(request, f"{email!r} is no e-mail")
        if not given.get("ldap") and not given.get("password"):
            raise self.refuse(request, "a regular user needs a password")
        if given.get("ldap") and "password" in given:
            self.complain(request, "a password beside ldap")
        login = folded(local_part(email))
        if self.store.by_email(email, self._exact()):
            return self.error(409, f"User with email {email} already exists")
        if self.store.by_login(login):
            if self.settings["login_collision"] == "409":
                return self.error(409, f"User with login {login} already exists")
            login = folded(email)
        kept = folded(email) if self.settings["lowercase_email"] == "yes" else email
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
        return self._user(request), self.role(request)

    def _membership_answer(self, text: str) -> Response:
        return JsonAnswer({"status": text}, int(self.settings["assign_status"]))

    def _exact(self) -> bool:
        return self.settings["email_match"] == "exact" and self.settings["lowercase_email"] == "no"

    def _user(self, request: Request) -> User:
        self.require_admin(request)
        email = request.path_params["email"]
        user = self.store.by_email(email, self._exact())
        if user is None:
            raise Answer(self.unknown("unknown_user", f"User {email} not found"))
        return user

    def _given(self, request: Request, shape: dict[str, Types]) -> dict[str, Any]:
        """The fields of the body as the store keeps them; raises Answer for what the server would not take."""
        old = self.settings["generation"] == "old"
        if old:
            shape = {key: types for key, types in shape.items() if key != "roles"}
        if self.settings["unknown_key"] == "ignored":
            unknown = [key for key in self._peek(request) if key not in shape]
            if unknown:
                self.complain(request, f"unknown keys {unknown} in the body")
            shape = {**shape, **dict.fromkeys(unknown, ANY)}
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
                raise Answer(self.unknown("unknown_role", f"Role {role} not found"))
        roles = list(dict.fromkeys(roles))
        if len(roles) > 1 and self.settings["single_role_only"] == "refused":
            raise Answer(self.error(400, "A user can only be assigned one role"))
        return roles[-1:] if self.settings["single_role_only"] == "yes" else roles
