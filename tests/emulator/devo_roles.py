# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo's Provisioning API: which roles a user may have, and the calls that set them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from .devo_store import BASIC_ROLES, Domain, Json, Member
from .platform import Answer, Switch

if TYPE_CHECKING:
    from .devo_users import Users

ADMIN, NO_PRIVILEGES, OWNER = "ADMIN", "NO_PRIVILEGES", "OWNER"
# the bodies that PUT and DELETE …/role may want: {"roles": […]}, {"role": […]}, {"role": "A,B"}, […], and so on
BODIES = ("roles", "names", "roleNames", "role_list", "role", "array")
BODY_KEYS = ("roles", "names", "roleNames", "role")
SEPARATORS = {"comma": ",", "comma_blank": ", "}

SWITCHES = (
    Switch("role_format", ("both", "string", "list"), "both", "whether roles read back in `role`, `roleList` or both"),
    Switch("role_separator", tuple(SEPARATORS), "comma", "what stands between the roles of `role`"),
    Switch("no_privileges", ("alone", "beside"), "alone", "whether NO_PRIVILEGES is shown beside custom roles"),
    Switch("role_literals", ("exact", "folded"), "exact", "whether admin, Owner … are taken for the basic roles"),
    Switch("post_roles", ("one", "several"), "one", "whether POST takes several comma-joined roles"),
    Switch("post_without_role", ("400", "no_privileges"), "400", "POST without a role"),
    Switch("role_put_key", BODIES, "roles", "the body of PUT …/role"),
    Switch("role_delete_key", BODIES, "roles", "the body of DELETE …/role"),
    Switch(
        "role_wrong_key", ("400", "ignored"), "400", "a role body under another key: refused, or 200 without effect"
    ),
    Switch(
        "put_role_name", ("replaces", "single_only", "absent"), "replaces", "PUT …/role/{name} for many roles; or 404"
    ),
    Switch("last_role", ("refused", "no_privileges"), "refused", "taking the last role away"),
    Switch("role_not_held", ("ok", "400"), "ok", "removing a role that the user does not have"),
)


class Roles:
    def __init__(self, users: Users) -> None:
        self.users = users
        self.platform = users.platform

    # --- what roles there are ----------------------------------------------------------------------------------

    def show(self, member: Member) -> Json:
        settings = self.platform.settings
        roles = list(member.roles)
        if settings["no_privileges"] == "beside" and not {ADMIN, NO_PRIVILEGES}.intersection(roles):
            roles.append(NO_PRIVILEGES)
        joined = SEPARATORS[settings["role_separator"]].join(roles)
        shown: Json = {"role": joined, "roleList": roles}
        if settings["role_format"] != "both":
            del shown["role" if settings["role_format"] == "list" else "roleList"]
        return shown

    def literal(self, role: str) -> str:
        folded = self.platform.settings["role_literals"] == "folded" and role.upper() in (*BASIC_ROLES, OWNER)
        return role.upper() if folded else role

    def checked(self, domain: Domain, roles: list[str]) -> list[str]:
        """The roles as they are kept. Raises Answer for what the domain does not have, or ADMIN beside another."""
        roles = list(dict.fromkeys(self.literal(role) for role in roles))
        for role in roles:
            if role not in domain.roles:
                raise Answer(self.platform.error(400, f"Role '{role}' not found"))
        if ADMIN in roles and len(roles) > 1:
            raise Answer(self.platform.error(400, "ADMIN is exclusive and cannot be combined with other roles"))
        return [role for role in roles if role != NO_PRIVILEGES] or roles

    def of_new_user(self, domain: Domain, text: str | None) -> tuple[list[str], bool]:
        """The roles of a user to be added, and whether they become the owner. Raises Answer."""
        if not text:
            if self.platform.settings["post_without_role"] == "400":
                raise Answer(self.platform.error(400, "The role is missing"))
            text = NO_PRIVILEGES
        if self.literal(text) == OWNER:
            if domain.owner is not None:
                raise Answer(self.platform.error(400, "The domain already has an owner"))
            return [ADMIN], True
        several = self.platform.settings["post_roles"] == "several"
        return self.checked(domain, [role.strip() for role in text.split(",")] if several else [text]), False

    # --- the calls ---------------------------------------------------------------------------------------------

    def put(self, request: Request, domain: Domain, member: Member) -> Response:
        """PUT …/role"""
        roles = self.read(request, "role_put_key")
        if roles is None:
            return self.mistaken(domain, member)
        return self.change(domain, member, self.checked(domain, roles))

    def put_name(self, request: Request, domain: Domain, member: Member) -> Response:
        """PUT …/role/{role}"""
        self.platform.no_body(request)
        mode = self.platform.settings["put_role_name"]
        if mode == "absent":
            return self.platform.not_found(request)
        if mode == "single_only" and len(member.roles) > 1:
            return self.platform.error(400, "The user has more than one role")
        return self.change(domain, member, self.checked(domain, [request.path_params["role"]]))

    def delete(self, request: Request, domain: Domain, member: Member) -> Response:
        """DELETE …/role"""
        roles = self.read(request, "role_delete_key")
        if roles is None:
            return self.mistaken(domain, member)
        missing = [role for role in roles if role not in member.roles]
        if missing and self.platform.settings["role_not_held"] == "400":
            return self.platform.error(400, f"Role '{missing[0]}' not found")
        return self.change(domain, member, [role for role in member.roles if role not in roles])

    def change(self, domain: Domain, member: Member, roles: list[str]) -> Response:
        if member.owner and roles != member.roles:
            return self.platform.error(400, "The role of the domain owner can not be changed")
        if not roles and self.platform.settings["last_role"] == "refused":
            return self.platform.error(400, "Every user needs to have at least one role")
        member.roles = roles or [NO_PRIVILEGES]
        return self.users.answer(domain, member)

    def mistaken(self, domain: Domain, member: Member) -> Response:
        """The answer to a body that another reading of the documents would take."""
        if self.platform.settings["role_wrong_key"] == "ignored":
            return self.users.answer(domain, member)
        return self.platform.error(400, "The roles are missing")

    def read(self, request: Request, switch: str) -> list[str] | None:
        """The roles in the body, None if they are not where this server looks. Raises Answer for what none takes."""
        raw = self.platform.body(request)
        body: Any
        if raw.startswith(b"["):
            try:
                body = json.loads(raw)
            except ValueError:
                raise self.platform.refuse(request, "the body is not JSON") from None
        else:
            body = self.platform.json_body(request, dict.fromkeys(BODY_KEYS, (list, str)))
        reading = self.platform.settings[switch]
        if reading == "array" or isinstance(body, list):
            roles = body if reading == "array" and isinstance(body, list) else None
        elif reading == "role":
            text = body.get("role")
            roles = [role.strip() for role in text.split(",")] if isinstance(text, str) else None
        else:
            roles = body.get("role" if reading == "role_list" else reading)
        if not isinstance(roles, list):
            return None
        if not all(isinstance(role, str) for role in roles):
            raise self.platform.refuse(request, "the roles are not strings")
        return roles
