# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of ds-api that change a user, and the fields as they stand on the wire.

Source: the vendor's "User API" page. PUT may be partial or may reset what is left out, and may ignore roles; see
:meth:`UserApi._put` and :meth:`UserApi._settle_roles`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.files import SecretFiles
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared
from ansible_collections.dataops.access.plugins.module_utils.core.service import Change
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer, path
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client

# What a server before 2024.04 answers for a user without a role.
NO_ROLE = "No restriction"
# How a server complains that a POST has no body, although none is documented for assigning a role.
_WANTS_BODY = re.compile(r"json|body|content|payload|empty", re.IGNORECASE)


class UserApi:
    """The writing calls for one user. ``old_server``: whether it is older than 2024.04, as its listing shows."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._files = SecretFiles(client)
        self.old_server = False

    def create(self, change: Change) -> None:
        """``POST /users/{email}``: 201, or 409 when it exists."""
        declared = change.entry
        body = self._body(change.target)
        password = declared["password"]
        file = declared["password_file"]
        if file:
            # Saved first: a password that only the server has would be lost.
            password = secrets.token_urlsafe(24)
            self._client.redactor.add(password)
            self._files.save(file, password + "\n")
        if password:
            body["password"] = password
        if declared["ldap"]:
            body["ldap"] = True
        try:
            answer = self._client.write(
                f"create the user '{declared.key}'",
                "POST",
                path("users", declared["email"]),
                json=body,
                answered=(409,),
            )
        except AccessError as error:
            if file and not isinstance(error, LostAnswer):
                self._files.discard(file)
            raise
        if answer.status == 409:
            self._taken(declared, answer, file)

    def _taken(self, declared: Declared, answer: Answer, file: str | None) -> None:
        """409 although the listing did not show the user: somebody was quicker, or the login name is taken.

        Login names are the local part of the e-mail, so those of two domains may collide.
        """
        message = (
            f"Could not create the user '{declared.key}': the server says that it exists ({answer.message()}). If the "
            f"list of users does not show this e-mail, another user has the login name '{declared.key.split('@')[0]}'"
        )
        if file:
            self._files.discard(file)
            raise AccessError(f"{message}. The generated password is not in force", kind="conflict", status=409)
        raise LostAnswer(message, status=409, cause_kind="conflict", repeat=False)

    def update(self, change: Change) -> None:
        """The fields by PUT, roles by PUT or by the calls for roles."""
        email = change.current.handle
        wanted = change.target["roles"]
        have = change.current.values["roles"]
        if set(change.fields) - {"roles"} or self.old_server:
            self._put(email, change)
            if "roles" not in change.fields or self.old_server:
                return
            have = self._roles_now(change.key, email)
        try:
            self._settle_roles(email, have, wanted)
        except LostAnswer:
            raise
        except AccessError as error:
            # A server that allows one role refuses the new one beside the old; PUT exchanges them in one step.
            if error.kind not in ("validation", "conflict") or not set(have) - set(wanted):
                raise
            self._put(email, change)

    def _roles_now(self, who: str, email: str) -> list[str]:
        """``GET /users/{email}``: whether PUT has set the roles as well. If that fails, the list of users may tell."""
        try:
            answer = self._client.read(f"read the user '{who}'", "GET", path("users", email))
            return roles_of(wire.record(answer.data, "user"), "user")
        except AccessError as error:
            raise LostAnswer.to_settle(error) from None

    def _put(self, email: str, change: Change) -> None:
        """``PUT /users/{email}`` with every field: right whether the server merges it or replaces all.

        The vendor's example of 2021 sends two fields, its table of today gives defaults for all of them.
        """
        body = self._body(change.target)
        if "password" in change.fields:
            body["password"] = change.entry["password"]
        self._client.write(f"update the user '{change.key}'", "PUT", path("users", email), json=body)

    def _settle_roles(self, email: str, have: Sequence[str], wanted: Sequence[str]) -> None:
        """Assign what is missing, then remove what is too much: never a moment without any role."""
        for role in sorted(set(wanted) - set(have)):
            what = f"assign the role '{role}' to '{email}'"
            address = path("users", email, "role", role)
            # 409: somebody assigned it meanwhile.
            answer = self._client.write(what, "POST", address, answered=(409, 400, 415))
            if answer.status == 400 and not _WANTS_BODY.search(answer.message()):
                raise AccessError(f"Could not {what}: {answer.message() or 'answered 400'}", "validation", status=400)
            if answer.status in (400, 415):
                self._client.write(what, "POST", address, json={}, answered=(409,))
        for role in sorted(set(have) - set(wanted)):
            what = f"remove the role '{role}' from '{email}'"
            self._client.write(what, "DELETE", path("users", email, "role", role), answered=(404,))

    def delete(self, change: Change) -> None:
        """``DELETE /users/{email}``; what it answers for a user who is gone is not documented: reading again tells."""
        email = change.current.handle
        try:
            self._client.write(f"delete the user '{change.key}'", "DELETE", path("users", email), answered=(404,))
        except LostAnswer:
            raise
        except AccessError as error:
            if error.kind not in ("validation", "conflict", "not_found"):
                raise
            raise LostAnswer.to_settle(error) from None

    def _body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields as POST and PUT take them: ``live_360`` as 0 or 1, and one ``role`` on old servers."""
        body: dict[str, Any] = {name: values.get(name) for name in ("privilege", "profile")}
        if values.get("live_360") is not None:
            # Where the server does not tell it, it is nobody's to guess.
            body["live_360"] = int(values["live_360"])
        roles = values.get("roles") or []
        if self.old_server:
            body["role"] = roles[0] if roles else NO_ROLE
        else:
            body["roles"] = roles
            body["comment"] = values.get("comment") or ""
        return body


def roles_of(item: Mapping[str, Any], where: str) -> list[str]:
    """Roles of a listed user, of either generation."""
    if "roles" in item:
        return wire.texts(item, "roles", where)
    role = wire.text(item, "role", where, default="")
    return [] if role in ("", NO_ROLE) else [role]
