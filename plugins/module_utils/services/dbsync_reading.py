# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading DBSync's users: by one listing of everybody, or each by name where a listing cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.parallel import each
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Snapshot
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_api import PartnerApi, refuses_listing
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_fields import folded
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_licenses import (
    License,
    by_user,
    unidentified,
)

# Reading back what was just written is not documented to be consistent: so often it is tried, with short waits.
READS_AFTER_WRITE = 3
# How many declared users are asked for by name where a listing comes empty.
PROBES_OF_EMPTY = 8
_NOT_ABOUT_THE_USER = ("auth", "permission", "rate_limit", "timeout", "protocol")

# Company and user name.
User = tuple[str, str]


def identity(company: str, username: str) -> tuple[str, str]:
    """Key and match; a line break parts the names in the match, since no declared name holds one."""
    return f"{company}/{username}", f"{company}\n{username}"


@dataclass(frozen=True)
class Alike:
    """Listed users by what their names have in common with others."""

    # By both names without case and blanks.
    variants: Mapping[tuple[str, str], Sequence[Observed]]
    # By the user name without case and blanks, in whatever company.
    namesakes: Mapping[str, Sequence[Observed]]


class UserReader:
    """Reads the users of one partner application; ``extra`` of its snapshots is an :class:`Alike`."""

    def __init__(self, api: PartnerApi, client: Client) -> None:
        self._api = api
        self._client = client
        # The companies that a purge reaches.
        self.scope: frozenset[str] = frozenset()
        # Why users are read by name; None: they are listed.
        self._unlisted: str | None = None
        # What was written in this run, by match: the user, and whether the user is to be seen as registered.
        self._written: dict[str, tuple[User, bool]] = {}

    def read(self, users: Sequence[User], planning: bool, wanted: Sequence[User] = ()) -> Snapshot:
        """Everybody; where there is no usable listing, those of ``users`` that there are. Raises AccessError.

        ``wanted``: those of them who are to be registered if they are not listed.
        """
        listed = self._listed(users if planning else (), wanted) if self._unlisted is None else None
        if listed is not None:
            return self._snapshot(by_user(listed).values(), complete=True)
        # After a write the two calls may differ for a while, which contradicts nothing.
        workers = self._client.settings.api_concurrency
        found = each(lambda user: self._api.user(*user, confirm=planning), users, workers)
        snapshot = self._snapshot(by_user([license_ for some in found for license_ in some]).values(), complete=False)
        if planning:
            snapshot.warnings.append(
                f"DBSync gives no usable listing ({self._unlisted}); each declared user was read by name, and nothing "
                "is known about others"
            )
        return snapshot

    # --- after writing ---------------------------------------------------------------------------------------------

    def written(self, user: User, registered: bool) -> None:
        """Remember that the server accepted to register or unregister ``user``."""
        self._written[identity(*user)[1]] = (user, registered)

    def read_back(self, users: Sequence[User]) -> Snapshot:
        """Read until everything shows that was written, at most three times, with short waits.

        A registration that stays unseen is believed, with a warning: registering again would cost quota.
        """
        asked = list(dict.fromkeys([*users, *(user for user, _registered in self._written.values())]))
        snapshot = self._read_until(asked, lambda found: not self._unseen(found))
        return self._believing(self._unseen(snapshot), snapshot)

    def read_until(self, user: User, registered: bool) -> Snapshot:
        """Read until ``user`` shows as registered, or not, at most three times, with short waits."""
        match = identity(*user)[1]
        return self._read_until([user], lambda found: _shows(found, match) == registered)

    def _read_until(self, users: Sequence[User], settled: Callable[[Snapshot], bool]) -> Snapshot:
        for attempt in range(1, READS_AFTER_WRITE):
            snapshot = self.read(users, planning=False)
            if settled(snapshot):
                return snapshot
            self._client.pause(attempt)
        return self.read(users, planning=False)

    def _unseen(self, snapshot: Snapshot) -> dict[str, User]:
        """The users, by match, of whom the snapshot does not show what was written."""
        return {
            match: user for match, (user, registered) in self._written.items() if _shows(snapshot, match) != registered
        }

    def _believing(self, unseen: Mapping[str, User], snapshot: Snapshot) -> Snapshot:
        """The snapshot with those users in it whose registration was accepted and is not shown."""
        alike: Alike = snapshot.extra
        believed = []
        for match, (company, username) in unseen.items():
            # A variant that is there instead is no delay: the server changed the spelling, which has to be told.
            variants = alike.variants.get((folded(company), folded(username)), ())
            if self._written[match][1] and not any(item.exists and item.match != match for item in variants):
                believed.append(self._observed(License(company, username, active=True)))
        if not believed:
            return snapshot
        matches = {item.match for item in believed}
        completed = _indexed([item for item in snapshot.objects if item.match not in matches] + believed, snapshot)
        completed.warnings += [
            f"DBSync accepted the registration of '{item.key}', but {READS_AFTER_WRITE} readings do not show it yet. "
            "Look whether it appears before you run this again: a second registration would spend quota again"
            for item in believed
        ]
        return completed

    # --- listing -----------------------------------------------------------------------------------------------------

    def _listed(self, users: Sequence[User], wanted: Sequence[User]) -> list[License] | None:
        """Everybody; None where the server refuses a listing, or gives one that cannot be relied on.

        An empty listing may be wrong (a missing user name may be taken as a filter that matches nobody), and one that
        shows active licences alone may leave out the others. Asking by name costs little, and a registration costs
        quota: so everybody is asked for who would be registered, and of an empty listing a few others.
        """
        try:
            found = self._api.listing()
        except AccessError as error:
            if not refuses_listing(error):
                raise
            self._unlisted = error.message
            return None
        named = [license_.company is not None and license_.username is not None for license_ in found]
        if not all(named):
            if any(named):
                # A broken record among sound ones may be anybody's, and whoever seems absent is registered.
                raise unidentified("list the users", found)
            self._unlisted = "its records do not say whose they are"
            return None
        names = {(folded(str(license_.company)), folded(str(license_.username))) for license_ in found}
        unseen = [user for user in wanted if (folded(user[0]), folded(user[1])) not in names]
        asked = list(dict.fromkeys([*unseen, *([] if found else users[:PROBES_OF_EMPTY])]))
        answers = each(self._seen, asked, self._client.settings.api_concurrency)
        hidden = [license_ for answer in answers for license_ in answer]
        if hidden and not found:
            self._unlisted = "it came empty, although there are users"
            return None
        active = next((license_ for license_ in hidden if license_.active), None)
        if active is not None:
            self._unlisted = (
                f"it leaves out '{identity(str(active.company), str(active.username))[0]}', who is registered"
            )
            return None
        return found + hidden

    def _seen(self, user: User) -> list[License]:
        """The licences of a user who was not listed, asked for by name; of one whose names are almost the same too.

        A failure that may be about the user does not count. Any other failure says nothing about anybody, and nobody is
        registered after it.
        """
        try:
            found = self._api.user(*user)
        except AccessError as error:
            if error.status is None or error.status >= 500 or error.kind in _NOT_ABOUT_THE_USER:
                raise
            return []
        names = (folded(user[0]), folded(user[1]))
        return [item for item in found if (folded(str(item.company)), folded(str(item.username))) == names]

    def _snapshot(self, licenses: Iterable[License], complete: bool) -> Snapshot:
        return _indexed([self._observed(license_) for license_ in licenses], Snapshot([], complete))

    def _observed(self, license_: License) -> Observed:
        user = (str(license_.company), str(license_.username))
        key, match = identity(*user)
        return Observed(
            key,
            match,
            license_.values(),
            handle=user,
            beyond=None if license_.company in self.scope else "out_of_scope",
            exists=license_.active,
            extra=license_.raw,
        )


def _shows(snapshot: Snapshot, match: str) -> bool:
    return any(item.exists for item in snapshot.matching(match))


def _indexed(objects: list[Observed], like: Snapshot) -> Snapshot:
    """A snapshot of these objects that is ``like`` another for the rest."""
    variants: dict[tuple[str, str], list[Observed]] = {}
    namesakes: dict[str, list[Observed]] = {}
    for item in objects:
        company, username = (folded(name) for name in item.handle)
        variants.setdefault((company, username), []).append(item)
        namesakes.setdefault(username, []).append(item)
    return Snapshot(objects, like.complete, list(like.warnings), extra=Alike(variants, namesakes))
