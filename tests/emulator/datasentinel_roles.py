# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasentinel's role objects: what the users who have a role may see."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .datasentinel_base import DsApi
from .platform import JsonAnswer


class RoleCalls(DsApi):
    def list_roles(self, request: Request) -> Response:
        self.require_admin(request)
        return JsonAnswer([{"name": name, "access": access} for name, access in self.store.roles.items()])

    def get_role(self, request: Request) -> Response:
        self.require_admin(request)
        role = self.role(request)
        return JsonAnswer({"name": role, "access": self.store.roles[role]})

    def add_role(self, request: Request) -> Response:
        self.require_admin(request)
        role = request.path_params["role"]
        access = self._access(request)
        if role in self.store.roles:
            return self.error(409, f"Role name {role} already exists")
        self.store.roles[role] = access
        return JsonAnswer({"status": f"Role name {role} created successfully"}, 201)

    def replace_role(self, request: Request) -> Response:
        self.require_admin(request)
        role = self.role(request)
        self.store.roles[role] = self._access(request)
        return JsonAnswer({"status": f"Role name {role} updated successfully"})

    def delete_role(self, request: Request) -> Response:
        self.no_body(request)
        self.require_admin(request)
        role = self.role(request)
        if self.store.with_role(role):
            return self.error(400, f"Role {role} is assigned to users")
        del self.store.roles[role]
        return JsonAnswer({"status": f"Role name {role} deleted successfully"})

    def role_users(self, request: Request) -> Response:
        self.require_admin(request)
        old = True if self.settings["role_users"] == "old" else None
        return JsonAnswer([self.shown(user, old) for user in self.store.with_role(self.role(request))])

    def _access(self, request: Request) -> list[Any]:
        access: list[Any] = self.json_body(request, {"access": list}, required=["access"])["access"]
        for entry in access:
            filters = entry.get("filters") if isinstance(entry, dict) else None
            good = isinstance(filters, list) and all(
                isinstance(each, dict)
                and set(each) == {"tag", "value"}
                and all(isinstance(text, str) for text in each.values())
                for each in filters
            )
            if not good:
                raise self.refuse(request, "an access entry is not {filters: [{tag, value}]}")
        return access
