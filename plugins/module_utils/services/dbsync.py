# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DBSync: the users that a partner application has registered, each registration paid from a year's quota.

What drives this file is the price: "the registered user will count against the license quota applied to the partner
application Key", and unregistering "does not change the annual quota" (the vendor's "Partner API - User Management").
So a user is registered only after a reading that shows its absence, once, and never again in the same run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks, names
from ansible_collections.dataops.access.plugins.module_utils.core.account import LICENSE, Account, rights
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    Refusal,
    Refused,
    ValidationError,
)
from ansible_collections.dataops.access.plugins.module_utils.core.parallel import each
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    NEVER,
    Declared,
    Field,
    FieldChange,
    Observed,
    Option,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    UPDATE,
    Change,
    Service,
    Snapshot,
)
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_api import (
    NOT_TOLD,
    PLATFORM,
    PartnerApi,
    refuses_listing,
)
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_fields import folded
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_licenses import (
    License,
    Verdict,
    by_user,
    unidentified,
)
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_reading import (
    Alike,
    User,
    UserReader,
    identity,
)

LICENSE_USER = Resource(
    platform="dbsync",
    noun="DBSync user",
    singular="license_user",
    plural="users",
    listed_as="license_users",
    identity=("company", "username"),
    options=(
        Field("company", required=True, compare=NEVER),
        Field("username", required=True, compare=NEVER),
        Option("allow_reregister", type="bool", default=False),
    ),
    spends_quota=True,
)


class DBSyncUsers(Service):
    """Registered users of one partner application, of all its companies."""

    platform = PLATFORM
    resource = LICENSE_USER
    many_options = (Option("companies", type="list", elements="str"),)
    info_options = (Option("company"), Option("username"), Option("verify", type="bool", default=False))
    # A second registration of the same user may count a second time.
    unique_on_create = False

    def __init__(self, client: Client, options: Mapping[str, Any], connection: Connection) -> None:
        super().__init__(client, options, connection)
        self._api = PartnerApi(client, connection)
        self._reader = UserReader(self._api, client)
        # The users who are declared, but for those who shall be absent, by match.
        self._present: frozenset[str] = frozenset()
        # Those who shall be absent and were registered when this task looked first, by match.
        self._leaving: frozenset[str] = frozenset()

    # --- declared state --------------------------------------------------------------------------------------------

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Names are sent exactly as given, so blanks around them are refused."""
        for name in ("company", "username"):
            options[name] = _name(name, options[name])
        return options

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """Company and name exactly as written: how the server compares them is not documented."""
        return identity(options["company"], options["username"])

    # --- reading ---------------------------------------------------------------------------------------------------

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """One listing of all users of all companies; where the server refuses that, each declared user by name.

        ``again``: until it shows what was written, within limits; see :meth:`UserReader.read_back`.
        """
        users = [_user(entry) for entry in declared]
        if again:
            return self._reader.read_back(users)
        self._reader.scope = self._companies(declared)
        present = [entry for entry in declared if not entry.absent]
        self._present = frozenset(entry.match for entry in present)
        snapshot = self._reader.read(users, planning=True, wanted=[_user(entry) for entry in present])
        self._leaving = frozenset(
            entry.match
            for entry in declared
            if entry.absent and any(item.exists for item in snapshot.matching(entry.match))
        )
        return snapshot

    def reread(self, change: Change) -> Observed | None:
        """The user after a write with an unclear outcome, read a few times until it is as wanted."""
        user: User = change.current.handle if change.declared is None else _user(change.declared)
        snapshot = self._reader.read_until(user, registered=change.action != DELETE)
        if change.declared is not None:
            return self.find(change.declared, snapshot)
        return next(iter(snapshot.matching(identity(*user)[1])), None)

    def _companies(self, declared: Sequence[Declared]) -> frozenset[str]:
        """The companies that a purge reaches: ``companies``, or those that the declared users name."""
        given = self.options.get("companies")
        scope = {_name("companies", company) for company in given or ()}
        if given is None:
            scope = {entry["company"] for entry in declared}
        if self.options.get("purge") and not scope:
            raise ValidationError(
                "purge with an empty declared list needs companies, which says whose users are to be removed"
            )
        return frozenset(scope)

    # --- comparing -------------------------------------------------------------------------------------------------

    def find(self, declared: Declared, snapshot: Snapshot) -> Observed | None:
        """The user of exactly these names.

        One whose names differ only in case, blanks or Unicode form is most likely the same person, whom a registration
        would pay for a second time: that is refused. Who is declared absent may be like one who is declared present, or
        may have been registered in that spelling until this task: it is clear then who is meant.
        """
        exact = super().find(declared, snapshot)
        if exact is not None and exact.exists:
            return exact
        if declared.match in self._leaving:
            return exact
        for other in self._alike(declared, snapshot):
            if other.exists or (exact is None and not declared.absent):
                raise Refused(
                    f"DBSync user '{declared.key}' is not registered, but '{other.key}' is listed, which "
                    f"{_apart(declared.key, other.key)}; declare it as it is listed, or remove that one first"
                )
        return exact

    def _alike(self, declared: Declared, snapshot: Snapshot) -> list[Observed]:
        """The listed users whose names are almost the same, but for those whom the declared state tells apart."""
        alike: Alike = snapshot.extra
        return [
            other
            for other in alike.variants.get((folded(declared["company"]), folded(declared["username"])), ())
            if other.match != declared.match and not (declared.absent and other.match in self._present)
        ]

    def compare(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Change | None:
        """There is nothing to update: a user is registered or not. An inactive one counts as absent."""
        change: Change | None
        if observed is not None and not observed.exists and not declared.absent:
            change = self._reregistration(declared, observed)
        else:
            change = super().compare(declared, observed, snapshot)
        if change is not None and change.action == DELETE:
            self._warn_of_those_who_stay(change, declared, snapshot)
        elif change is not None:
            self._warn_of_namesakes(change, declared, snapshot)
        return change

    def creation(self, declared: Declared, wanted: Mapping[str, Any]) -> Change:
        """A registration spends quota, whatever becomes of the user later."""
        change = super().creation(declared, wanted)
        change.registrations = 1
        change.after = {"company": declared["company"], "username": declared["username"], "active": True}
        return change

    def _reregistration(self, declared: Declared, observed: Observed) -> Change:
        """Registering again a user whose licence ended most likely counts a second time: only on demand."""
        change = Change(
            observed.key,
            UPDATE,
            {"active": FieldChange(False, True)},
            declared=declared,
            observed=observed,
            after={**observed.values, "active": True},
            registrations=1,
            repeatable=False,
        )
        if not declared["allow_reregister"]:
            change.refusals.append(
                f"DBSync user '{declared.key}' is listed with an inactive licence, and registering it again spends "
                "quota again; set allow_reregister: true if that is meant"
            )
        return change

    def _warn_of_those_who_stay(self, change: Change, declared: Declared, snapshot: Snapshot) -> None:
        """The next run finds the other spelling alone, and cannot tell whether that one was meant."""
        change.warnings += [
            f"DBSync user '{declared.key}' is removed, and '{other.key}' stays, which "
            f"{_apart(declared.key, other.key)}; declare that one too, or the next run is refused"
            for other in self._alike(declared, snapshot)
            if other.exists and other.match not in self._leaving
        ]

    def _warn_of_namesakes(self, change: Change, declared: Declared, snapshot: Snapshot) -> None:
        """The documents ask for a "uniquely identifiable username": it may have to be unique over all companies."""
        alike: Alike = snapshot.extra
        others = sorted(
            item.key
            for item in alike.namesakes.get(folded(declared["username"]), ())
            if item.exists and item.values["company"] != declared["company"]
        )
        if others:
            change.warnings.append(
                f"DBSync user '{declared.key}' is to be registered, and the same user name is registered as "
                f"{', '.join(repr(key) for key in others[:5])}: DBSync may want user names to be unique, and a user is "
                "never moved to another company"
            )

    def refine(self, changes: list[Change], snapshot: Snapshot) -> list[str]:
        """Two new users whose names differ only in case, blanks or Unicode form are most likely one person."""
        seen: dict[tuple[str, str], Change] = {}
        for change in changes:
            if change.action != CREATE:
                continue
            entry = change.entry
            other = seen.setdefault((folded(entry["company"]), folded(entry["username"])), change)
            if other is not change:
                change.refusals.append(
                    Refusal.invalid(
                        f"DBSync users '{other.key}' and '{change.key}' are both to be registered, and one "
                        f"{_apart(other.key, change.key)}; keep one"
                    )
                )
        return []

    def not_kept(self, change: Change, rest: Change) -> str:
        """Where records do not tell whether a licence is active, an inactive user who stays listed looks registered."""
        text = super().not_kept(change, rest)
        if change.action == DELETE and rest.observed is not None and not rest.observed.values["active_known"]:
            text += f"; the user is still listed, and {NOT_TOLD}"
        return text

    # --- writing ---------------------------------------------------------------------------------------------------

    def write(self, change: Change) -> None:
        """Register or unregister one user: one request."""
        if change.action == DELETE:
            user: User = change.current.handle
            self._api.unregister(*user, told=change.current.values["active_known"])
        else:
            user = _user(change.entry)
            self._api.register(*user)
        self._reader.written(user, registered=change.action != DELETE)

    # --- results ---------------------------------------------------------------------------------------------------

    def result(self, observed: Observed) -> dict[str, Any]:
        """The recognised fields, and the record as it came: names of fields are not published."""
        return {**observed.values, "raw": observed.extra}

    def identity(self, observed: Observed) -> dict[str, Any]:
        """Both names: a user is known in one company."""
        return {name: observed.values[name] for name in LICENSE_USER.identity}

    def account(self, observed: Observed) -> Account:
        """A licence pays for one user of one company; records do not always tell whether it is active."""
        values = observed.values
        return Account(
            LICENSE,
            people=(names.folded(values["username"] or observed.key),),
            entitlements=rights("license of", [values["company"] or ""]),
            enabled=values["active"] if values["active_known"] else None,
            created=values["start_date"],
            expires=values["expiry_date"],
        )

    def info(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The licences that the filters name; with ``verify`` each with what ``authenticateUser`` says.

        A listing that the server refuses is an error here, never a short list.
        """
        company, username = (
            None if options.get(name) is None else _name(name, options[name]) for name in ("company", "username")
        )
        found = self._asked(company, username)
        if any(license_.username is None for license_ in found):
            raise unidentified("list the users", found)
        users = [
            {**license_.values(), "raw": license_.raw}
            for license_ in by_user(found).values()
            if company in (None, license_.company) and username in (None, license_.username)
        ]
        users.sort(key=lambda user: (user["company"] or "", user["username"]))
        if options.get("verify"):
            each(self._verify, users, self.client.settings.api_concurrency)
        return {self.resource.listed_as: users}

    def _asked(self, company: str | None, username: str | None) -> list[License]:
        """What the server shows for these filters, which it may honour or not."""
        if company is not None and username is not None:
            return self._api.user(company, username)
        if username is not None:
            return self._api.named(username)
        try:
            return [license_.named(company, None) for license_ in self._api.listing(company)]
        except AccessError as error:
            if refuses_listing(error):
                error.add(". This server may want a user name: ask for one user by company and username")
            raise

    def _verify(self, user: dict[str, Any]) -> None:
        if user["company"] is None:
            said = Verdict(None, "not asked: the record does not say of which company the user is")
        else:
            said = self._api.authenticate(user["company"], user["username"])
        user["verification"] = {"valid": said.valid, "message": said.message, "raw": said.raw}


def _name(option: str, value: str) -> str:
    if not value:
        raise ValidationError(f"{option} is empty; give it a value")
    return checks.text(option, value)


def _apart(one: str, other: str) -> str:
    """In what two names differ that mean the same; names that look the same are spelled out."""
    if unicodedata.normalize("NFC", one) != unicodedata.normalize("NFC", other):
        return "differs only in case or blanks"
    return f"differs only in its Unicode form ({other!a}, not {one!a})"


def _user(declared: Declared) -> User:
    return declared["company"], declared["username"]
