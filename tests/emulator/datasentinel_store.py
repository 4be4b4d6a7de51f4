# SPDX-License-Identifier: GPL-3.0-or-later
"""The users and roles of one Datasentinel platform."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from .names import folded

User = dict[str, Any]

DEFAULTS = {"privilege": "admin", "profile": "data admin", "live_360": 1, "roles": [], "comment": ""}
NO_RESTRICTION = "No restriction"
_KEYS = {"id", "login", "email", "password", "ldap", *DEFAULTS}


def local_part(email: str) -> str:
    return email.partition("@")[0]


class Store:
    """Users by id, in the order they came, with indexes by e-mail and login.

    A user is {id, login, email, password, ldap, privilege, profile, live_360 (0 or 1), roles, comment}.
    """

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.roles: dict[str, list[Any]] = {}
        self.version = 0  # changes with every change, for whoever keeps a rendered list
        self._by_email: dict[str, int] = {}
        self._by_folded: dict[str, int] = {}
        self._by_login: dict[str, int] = {}
        self._next_id = 1

    def load(self, users: Iterable[User], roles: Iterable[dict[str, Any]]) -> None:
        """Users may leave out what the server makes (`id`, `login`) and what has a default."""
        for role in roles:
            self.roles[role["name"]] = copy.deepcopy(role.get("access", []))
        users = list(users)
        self._next_id = max([53, *(user.get("id", 0) for user in users)]) + 1
        for user in users:
            if set(user) - _KEYS or "email" not in user:
                raise ValueError(f"datasentinel user {user.get('email')}: needs email, and knows {sorted(_KEYS)}")
            self.add(**copy.deepcopy(user))

    def add(self, email: str, login: str | None = None, **fields: Any) -> User:
        user: User = {"id": fields.pop("id", None) or self._next_id, "login": login or folded(local_part(email))}
        user |= {"email": email, "password": None, "ldap": False, **copy.deepcopy(DEFAULTS), **fields}
        self._next_id = max(self._next_id, user["id"] + 1)
        self.users[user["id"]] = user
        self._by_email.setdefault(email, user["id"])
        self._by_folded.setdefault(folded(email), user["id"])
        self._by_login.setdefault(user["login"], user["id"])
        self.version += 1
        return user

    def delete(self, user: User) -> None:
        del self.users[user["id"]]
        indexes = (self._by_email, user["email"]), (self._by_folded, folded(user["email"]))
        for index, key in (*indexes, (self._by_login, user["login"])):
            if index.get(key) == user["id"]:
                del index[key]
        self.version += 1

    def changed(self) -> None:
        self.version += 1

    def by_email(self, email: str, exact: bool) -> User | None:
        number = self._by_email.get(email)
        if number is None and not exact:
            number = self._by_folded.get(folded(email))
        return None if number is None else self.users[number]

    def by_login(self, login: str) -> User | None:
        number = self._by_login.get(login)
        return None if number is None else self.users[number]

    def with_role(self, role: str) -> list[User]:
        return [user for user in self.users.values() if role in user["roles"]]
