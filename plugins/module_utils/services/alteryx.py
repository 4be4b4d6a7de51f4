# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions (studios) of an Alteryx Server, and who is in them.

- Names are not unique (the server makes a private subscription for every user, under the user's name): an object is
  identified by its id, and a name that several have is refused.
- No call takes a user out of a subscription: users are moved into another one, and their workflows stay behind.
- The keys of a subscription are in the answer to its creation and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.account import GROUP, Account
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    LostAnswer,
    Refusal,
    Refused,
    ValidationError,
)
from ansible_collections.dataops.access.plugins.module_utils.core.files import SecretFiles
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    UPDATE,
    Change,
    Service,
    Snapshot,
)
from ansible_collections.dataops.access.plugins.module_utils.services import alteryx_keys, alteryx_reading
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_api import AlteryxServer, Created
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_connection import PLATFORM
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_members import describe_moves, is_email
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_objects import (
    SUBSCRIPTION,
    blockers,
    inside,
    listed,
    member,
)
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_reading import Reading, known

LONGEST_NAME = 255


class Subscriptions(Service):
    """Subscriptions of one Alteryx Server."""

    platform = PLATFORM
    resource = SUBSCRIPTION
    # Names are not unique, so a creation that is sent again makes a second subscription.
    unique_on_create = False

    def __init__(self, client: Any, options: Mapping[str, Any], connection: Any) -> None:
        super().__init__(client, options, connection)
        self._server = AlteryxServer(client)
        # The singular module returns its object, the plural one where it is asked to.
        whole = bool(options.get("return_objects", True))
        self._reading = Reading(self._server, client.settings.api_concurrency, whole)
        # What writing has shown that is no failure: the closing verification tells it.
        self._notices: list[str] = []

    # --- declared state -----------------------------------------------------------------------------------------

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Names as the server takes them, ids as an address takes them; users are moved in, never out."""
        name = options.get("name")
        if name is not None:
            checks.text("name", name)
            if not 1 <= len(name) <= LONGEST_NAME:
                raise ValidationError(f"name: give it 1 to {LONGEST_NAME} characters; it has {len(name)}")
        if options.get("subscription_id") is not None:
            checks.name("subscription_id", options["subscription_id"])
        if options.get("credential_id"):
            checks.name("credential_id", options["credential_id"])
        if options.get("users") is not None and options.get("state") != "absent":
            options["users"] = _checked_users(options["users"])
        return options

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """By id where that is given, then ``name`` is what it shall be called; by name otherwise."""
        name, subscription = options.get("name"), options.get("subscription_id")
        return (name or subscription, f"id:{subscription}") if subscription else (str(name), f"name:{name}")

    def renamed(self, options: Mapping[str, Any]) -> str | None:
        """Given by id, it is called ``name`` in the end."""
        named = options.get("subscription_id") and options.get("name")
        return f"name:{options['name']}" if named else None

    # --- reading ------------------------------------------------------------------------------------------------

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """The list of all subscriptions, and what else the declared ones need."""
        snapshot = self._reading.snapshot(declared, again)
        snapshot.warnings += self._notices
        return snapshot

    def find(self, declared: Declared, snapshot: Snapshot) -> Observed | None:
        """By id, or by the exact name, which several may have."""
        return alteryx_reading.find(declared, snapshot)

    def belongs(self, observed: Observed, matches: AbstractSet[str]) -> bool:
        """Several of a declared name: none of them is undeclared."""
        return f"name:{observed.key}" in matches

    # --- comparing ----------------------------------------------------------------------------------------------

    def wanted(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> dict[str, Any]:
        """The declared users are added to those who stay; nobody is moved out for not being declared."""
        wanted = super().wanted(declared, observed, snapshot)
        wanted.pop("users", None)
        arriving = known(snapshot).membership.missing(declared, observed)
        if arriving:
            staying = [user.id for user in inside(observed).staying] if observed else []
            wanted["users"] = sorted({*staying, *arriving})
        return wanted

    def compare(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Change | None:
        """Besides the usual: who moves from where, and what the reading has found to be impossible."""
        if observed is None and declared["subscription_id"] and not declared.absent:
            raise Refused(
                f"no subscription of this server has the id '{declared['subscription_id']}'; the server gives ids, so "
                "to create one leave subscription_id out",
                kind="not_found",
            )
        change = super().compare(declared, observed, snapshot)
        if declared.absent:
            return change
        now = known(snapshot)
        problems = list(now.membership.problems.get(declared.match, ()))
        if change is not None and "credential_id" in change.fields:
            credential = declared["credential_id"]
            if credential in now.no_credentials:
                problems.append(
                    Refusal.invalid(
                        f"credential_id: this server has no credential '{credential}'; correct it, or give \"\""
                    )
                )
        if problems and change is None:
            change = Change(declared.key, UPDATE, {}, declared, observed, dict(observed.values) if observed else None)
        if change is None:
            return None
        change.refusals += [Refusal(f"{SUBSCRIPTION.noun} '{change.key}': {text}", text.kind) for text in problems]
        if change.after is not None:
            self._complete(change, now)
        return change

    def _complete(self, change: Change, now: alteryx_reading.Known) -> None:
        """What else the object will be like: who is in it, and what a new one starts with."""
        after = change.target
        if change.observed is not None:
            shown = self.result(change.observed)
            after.update(
                {name: shown[name] for name in ("users", "members") if name in shown and name not in change.fields}
            )
        else:
            after.update(users=after.get("users", []), members=[], workflows=[])
            near = sorted(name for name in now.by_name if name.strip().casefold() == change.key.casefold())
            if near:
                change.warnings.append(
                    f"{SUBSCRIPTION.noun} '{change.key}' is created beside '{listed(near)}', which differs only in "
                    "case or blanks"
                )
        if "users" in change.fields:
            describe_moves(change, now.directory, now.membership.homes)

    def removal(self, observed: Observed, declared: Declared | None = None) -> Change:
        """The server removes only what is empty; moves come before removals."""
        change = super().removal(observed, declared)
        place = inside(observed)
        if place.contents is not None and place.in_use:
            change.refusals.append(
                f"{SUBSCRIPTION.noun} '{observed.key}' cannot be removed: {blockers(place.staying, place.workflows)}"
            )
        return change

    def refine(self, changes: list[Change], snapshot: Snapshot) -> list[str]:
        """No name twice, and no keys that could not be saved: they are shown once."""
        claimed: dict[str, Change] = {}
        saved: dict[str, Change] = {}
        for change in changes:
            if change.after is not None and (change.action == CREATE or "name" in change.fields):
                self._check_name(change, claimed, snapshot)
            if change.action == CREATE and change.entry["secret_file"]:
                alteryx_keys.check_file(change, saved)
        return []

    def _check_name(self, change: Change, claimed: dict[str, Change], snapshot: Snapshot) -> None:
        name = change.target["name"]
        holders = [observed.handle for observed in known(snapshot).by_name.get(name, ())]
        if holders:
            change.refusals.append(
                f"{SUBSCRIPTION.noun} '{change.key}' cannot be renamed: the name '{name}' is taken by {listed(holders)}"
            )
        elif claimed.setdefault(name, change) is not change:
            change.refusals.append(
                Refusal.invalid(
                    f"{SUBSCRIPTION.noun} '{change.key}': '{claimed[name].key}' is to be called '{name}' too; keep one"
                )
            )

    # --- writing ------------------------------------------------------------------------------------------------

    def write(self, change: Change) -> None:
        """Create, update or delete one subscription; the users who move into it go in one call."""
        if change.action == DELETE:
            self._delete(change)
        elif change.action == CREATE:
            created = self._create(change)
            if "users" in change.fields:
                self._server.move(created.id or self._id_of(change), change.target["users"])
        else:
            if set(change.fields) - {"users"}:
                self._server.replace(change.current.handle, change.target)
            if "users" in change.fields:
                arriving = set(change.target["users"]) - set(inside(change.current).users)
                self._server.move(change.current.handle, sorted(arriving))

    def _create(self, change: Change) -> Created:
        """A new subscription. Its keys are handed over before anything else can fail."""
        try:
            created = self._server.create(change.target)
        except LostAnswer as lost:
            try:
                created = Created(self._id_of(change))
            except AccessError:
                raise lost from None
        change.begun = True
        self.client.redactor.add(created.api_key, created.api_secret)
        alteryx_keys.hand_over(change.entry, created, SecretFiles(self.client), self.revealed)
        if not created.has_keys:
            self._notices.append(alteryx_keys.notice(change.entry))
        return created

    def _id_of(self, change: Change) -> str:
        """The id of what was just created, by its name, which nothing had before. Raises AccessError."""
        observed = self.reread(change)
        if observed is None:
            raise AccessError(
                f"the server accepted the creation of {SUBSCRIPTION.noun} '{change.key}', and does not list it",
                kind="protocol",
            )
        return str(observed.handle)

    def _delete(self, change: Change) -> None:
        subscription = change.current.handle
        try:
            self._server.delete(subscription)
        except LostAnswer:
            raise
        except AccessError as error:
            # 400 has no documented body: somebody may have moved in since the plan was made.
            contents = self._server.contents(subscription) if error.status in (400, 409) else None
            if contents is not None and (contents.users or contents.workflows):
                error.kind = "conflict"
                error.add(f"; {blockers(contents.users, contents.workflows)}")
            raise

    # --- results ------------------------------------------------------------------------------------------------

    def result(self, observed: Observed) -> dict[str, Any]:
        """The object without those whom this task moves elsewhere."""
        leaving = inside(observed).leaving
        values = dict(observed.values)
        if leaving and "users" in values:
            values["users"] = [user for user in values["users"] if user not in leaving]
            values["members"] = [member for member in values["members"] if member["id"] not in leaving]
        return values

    def identity(self, observed: Observed) -> dict[str, Any]:
        """The id: several may have one name."""
        return {"subscription_id": observed.handle}

    def account(self, observed: Observed) -> Account:
        """Who is in it is told where it was read: for subscriptions whose users are declared."""
        place = inside(observed)
        members = [str(user["email"] or user["name"] or user["id"]) for user in observed.values.get("members", ())]
        return Account(
            GROUP,
            people=tuple(sorted(folded(member) for member in members)),
            entitlements=(f"subscription {observed.key}",),
            users=place.user_count if place.contents is None else len(place.users),
            workflows=place.workflow_count if place.contents is None else len(place.workflows),
        )

    def further_results(self, declared: Sequence[Declared], snapshot: Snapshot, one: bool) -> dict[str, Any]:
        """``unmanaged_members``: who is in a declared subscription and not among its declared ``users``."""
        now = known(snapshot)
        found = []
        for observed, ids in now.membership.declared:
            members = [member(user) for user in inside(observed).staying if user.id not in ids]
            if members:
                found.append({"key": observed.key, "members": members})
        if one:
            return {"unmanaged_members": found[0]["members"] if found else []}
        return {"unmanaged_members": sorted(found, key=lambda entry: str(entry["key"]))}


def _checked_users(users: Sequence[str]) -> list[str]:
    if not users:
        raise ValidationError(
            "users: an empty list would move everybody out, and no call of Alteryx Server moves a user out of a "
            "subscription; declare them in the subscription where they shall be, or leave users out"
        )
    checked = (checks.email("users", user) if is_email(user) else checks.name("users", user) for user in users)
    return list(dict.fromkeys(checked))
