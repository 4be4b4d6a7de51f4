# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alteryx Server V3: the calls that subscriptions need.

Wire facts come from the vendor's "Subscription Endpoints" page and from the Swagger document that the server publishes.
Where these conflict or are silent, the function that copes says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import path
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client

COLLECTION = "/v3/subscriptions"
# What a user may own.
ASSETS = ("workflows", "schedules", "collections")


@dataclass(frozen=True)
class Item:
    """A user or a workflow as a subscription names it; an e-mail is only known from the list of users."""

    id: str
    name: str
    email: str = ""

    def as_text(self) -> str:
        """For messages: "Ann Archer (66f…)", or the e-mail where it is known."""
        return f"{self.email or self.name} ({self.id})"


@dataclass(frozen=True)
class Listed:
    """A subscription as the list shows it."""

    id: str
    name: str
    can_share_schedules: bool
    # "": none; null and missing mean the same.
    credential_id: str
    user_count: int
    workflow_count: int


@dataclass(frozen=True)
class Contents:
    """Who and what is in a subscription. ``users``: sorted by id, ``workflows``: sorted by name."""

    users: tuple[Item, ...] = ()
    workflows: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Created:
    """What the answer to a creation told; None: it did not."""

    id: str | None = None
    api_key: str | None = None
    api_secret: str | None = None

    @property
    def has_keys(self) -> bool:
        """Whether it showed the keys."""
        return bool(self.api_key and self.api_secret)


class AlteryxServer:
    """The calls. Each raises AccessError; those that write raise LostAnswer when their answer was lost."""

    def __init__(self, client: Client) -> None:
        self._client = client
        # Where one subscription is updated: the vendor's text says /subscription/, its example and Swagger document
        # say /subscriptions/. The one that exists is kept.
        self._put_in = ["subscriptions", "subscription"]

    # --- reading ------------------------------------------------------------------------------------------------

    def subscriptions(self, filters: Mapping[str, str] | None = None) -> list[Listed]:
        """``GET /v3/subscriptions``: a plain array, no pages.

        ``filters`` are a hint alone: the documents spell ``canShareSchedule`` in two ways, servers ignore a key that
        they do not know, and how ``name`` compares is not documented. A 404 never means that there are none.
        """
        what = "list the subscriptions"
        answer = self._client.read(what, "GET", COLLECTION, params=filters, answered=(404,))
        if answer.status == 404:
            url = self._client.url(COLLECTION)
            raise AccessError(
                f"Could not {what}: GET {url} answered 404; the endpoint is not available on this Server version "
                "(it needs a recent one: the vendor documents it from 2024.2 on), or the address is wrong. Next: "
                "check the version, and that api_url ends in /webapi",
                kind="not_found",
                status=404,
                method="GET",
                url=url,
            )
        return [
            _listed(item, f"subscriptions[{n}]") for n, item in enumerate(wire.records(answer.data, "subscriptions"))
        ]

    def contents(self, subscription: str) -> Contents | None:
        """``GET /v3/subscriptions/{id}``; None: 404, which follows a list that has it, so it has just gone."""
        what = f"read the subscription '{subscription}'"
        answer = self._client.read(what, "GET", path("v3", "subscriptions", subscription), answered=(404,))
        if answer.status == 404:
            return None
        record = wire.record(answer.data, "the subscription")
        users, workflows = (_items(record.get(name), f"the subscription's {name}") for name in ("users", "workflows"))
        return Contents(
            tuple(sorted(users, key=lambda item: item.id)),
            tuple(sorted(workflows, key=lambda item: (item.name, item.id))),
        )

    def users(self) -> list[Item]:
        """``GET /v3/users``: all of them. Its ``email`` filter is not used: how it compares is not documented."""
        answer = self._client.read("list the users", "GET", "/v3/users")
        return [_user(item, f"users[{n}]") for n, item in enumerate(wire.records(answer.data, "users"))]

    def user(self, user: str) -> Item | None:
        """``GET /v3/users/{id}``, for an id that the list does not show (it may leave out inactive users)."""
        address = path("v3", "users", user)
        answer = self._client.read(f"read the user '{user}'", "GET", address, answered=(400, 404))
        return _user(wire.record(answer.data, "the user"), "the user") if answer.ok else None

    def assets(self, user: str) -> dict[str, tuple[Item, ...]]:
        """``GET /v3/users/{id}/assets``: what a user owns, by ASSETS."""
        address = path("v3", "users", user, "assets")
        answer = self._client.read(f"list what the user '{user}' owns", "GET", address, params={"assetType": "All"})
        record = wire.record(answer.data, "the user's assets")
        return {name: tuple(sorted(_items(record.get(name), name), key=lambda item: item.name)) for name in ASSETS}

    def has_credential(self, credential: str) -> bool:
        """``GET /v3/credentials/{id}``"""
        address = path("v3", "credentials", credential)
        answer = self._client.read(f"read the credential '{credential}'", "GET", address, answered=(400, 404))
        if answer.ok:
            wire.record(answer.data, "the credential")
        return answer.ok

    # --- writing ------------------------------------------------------------------------------------------------

    def create(self, values: Mapping[str, Any]) -> Created:
        """``POST /v3/subscriptions``, all three fields: the documents differ about which are required.

        201 shows the keys, this once. 200 is documented as well, with any body or none.
        """
        what = f"create the subscription '{values['name']}'"
        answer = self._client.write(what, "POST", COLLECTION, json=_contract(values, "canShareSchedule"))
        told = answer.data if isinstance(answer.data, dict) else {}
        found = {key: value for key, value in told.items() if isinstance(value, str) and value}
        return Created(found.get("id"), found.get("apiKey"), found.get("apiSecret"))

    def replace(self, subscription: str, values: Mapping[str, Any]) -> None:
        """``PUT /v3/subscriptions/{id}``: replaces all three fields, so ``values`` has those that stay as well."""
        what = f"update the subscription '{values['name']}'"
        body = _contract(values, "canShareSchedules")
        first, *others = self._put_in
        # 405: the address exists for other methods.
        unknown = (404, 405) if others else ()
        answer = self._client.write(what, "PUT", path("v3", first, subscription), json=body, answered=unknown)
        if not answer.ok:
            self._client.write(what, "PUT", path("v3", others[0], subscription), json=body)
            self._put_in = others

    def move(self, subscription: str, users: list[str]) -> None:
        """``PUT /v3/subscriptions/{id}/users``: moves them in, all in one call; nobody is moved out.

        The vendor's text has one string for ``userIds``, its example and Swagger document an array.
        """
        address = path("v3", "subscriptions", subscription, "users")
        what = f"move {len(users)} users to the subscription '{subscription}'"
        self._client.write(what, "PUT", address, json={"userIds": users})

    def delete(self, subscription: str) -> None:
        """``DELETE /v3/subscriptions?subscriptionId=…``; 404: it is gone already, which the closing list proves."""
        what = f"delete the subscription '{subscription}'"
        self._client.write(what, "DELETE", COLLECTION, params={"subscriptionId": subscription}, answered=(404,))


def _contract(values: Mapping[str, Any], share: str) -> dict[str, Any]:
    """The fields as POST and PUT take them. ``share``: POST says ``canShareSchedule``; PUT, and every answer,
    ``canShareSchedules``."""
    return {
        "name": values["name"],
        share: bool(values["can_share_schedules"]),
        "credentialId": values["credential_id"] or "",
    }


def _listed(item: Mapping[str, Any], where: str) -> Listed:
    share = wire.flag(item, "canShareSchedules")
    if share is None:
        # Guessing would write the guess: an update replaces this field too.
        raise wire.protocol_error(f"{where}.canShareSchedules", "true or false", item.get("canShareSchedules"))
    return Listed(
        id=wire.identifier(item, "id", where),
        name=wire.text(item, "name", where),
        can_share_schedules=share,
        credential_id=wire.text(item, "credentialId", where, default=""),
        user_count=_count(item, "userCount", where),
        workflow_count=_count(item, "workflowCount", where),
    )


def _count(item: Mapping[str, Any], key: str, where: str) -> int:
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wire.protocol_error(f"{where}.{key}", "a number", value)
    return value


def _items(data: Any, where: str) -> list[Item]:
    return [
        Item(wire.identifier(item, "id", f"{where}[{n}]"), wire.text(item, "name", f"{where}[{n}]", default=""))
        for n, item in enumerate(wire.records(data, where))
    ]


def _user(item: Mapping[str, Any], where: str) -> Item:
    """Both of the user's views have these; the display name of a subscription's user is made of both names."""
    names = (wire.text(item, key, where, default="") for key in ("firstName", "lastName"))
    name = " ".join(names).strip()
    return Item(wire.identifier(item, "id", where), name, wire.text(item, "email", where, default=""))
