# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task reads of an Alteryx Server to compare its declared subscriptions: no more than these need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ansible_collections.dataops.access.plugins.module_utils.core import parallel
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, Refused
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Snapshot
from ansible_collections.dataops.access.plugins.module_utils.services import alteryx_keys
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_api import AlteryxServer, Contents
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_members import (
    Membership,
    find_homes,
    is_email,
)
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_objects import (
    SUBSCRIPTION,
    Directory,
    inside,
    observed_from,
    show_contents,
)

# Declared subscriptions, and what the server has for each.
Meant = Sequence["tuple[Declared, Observed | None]"]


@dataclass
class Known:
    """``Snapshot.extra``: what is needed to compare and is no subscription."""

    by_name: dict[str, list[Observed]] = field(default_factory=dict)
    directory: Directory = field(default_factory=Directory)
    membership: Membership = field(default_factory=Membership)
    # Declared credentials that the server does not have.
    no_credentials: set[str] = field(default_factory=set)


def known(snapshot: Snapshot) -> Known:
    """What a snapshot holds beside subscriptions."""
    found: Known = snapshot.extra
    return found


def find(declared: Declared, snapshot: Snapshot) -> Observed | None:
    """By id, or by the exact name, which several may have: then Refused is raised."""
    if declared["subscription_id"]:
        return next(iter(snapshot.matching(declared.match)), None)
    found = known(snapshot).by_name.get(declared["name"], [])
    if len(found) > 1:
        ids = ", ".join(sorted(observed.handle for observed in found))
        raise Refused(
            f"{len(found)} subscriptions of this server are called '{declared['name']}' ({ids}); say which one with "
            "subscription_id, or rename the others"
        )
    return found[0] if found else None


class Reading:
    """Reads one server for one task. ``whole``: users and workflows of every declared subscription will be shown."""

    def __init__(self, server: AlteryxServer, workers: int, whole: bool) -> None:
        self._server = server
        self._workers = workers
        self._whole = whole
        # Listed once: ids and e-mails do not change while the task runs.
        self._directory: Directory | None = None

    def snapshot(self, declared: Sequence[Declared], again: bool) -> Snapshot:
        """The list; by id only those subscriptions whose users or workflows matter. See ``Service.observe``."""
        now = Known()
        snapshot = Snapshot([observed_from(item) for item in self._server.subscriptions()], extra=now)
        for observed in snapshot.objects:
            now.by_name.setdefault(observed.key, []).append(observed)
        meant = [(entry, _found(entry, snapshot)) for entry in declared]
        self._read_contents(meant)
        moving = [(entry, observed) for entry, observed in meant if entry["users"] and not entry.absent]
        now.directory = self._users(meant, moving)
        now.membership.resolve([entry for entry, _observed in moving], now.directory)
        if not again:
            self._find_homes(moving, snapshot)
            now.membership.settle(moving)
            now.no_credentials = self._missing_credentials(meant)
            snapshot.warnings += [text for entry, observed in meant for text in alteryx_keys.warnings(entry, observed)]
        for observed in snapshot.objects:
            show_contents(observed, now.directory)
            observed.beyond = "in_use" if inside(observed).in_use else None
        return snapshot

    def complete(self, subscriptions: Sequence[Observed]) -> list[str]:
        """Read and show users and workflows of each. Returns the e-mails, lower-cased, that tell no user."""
        parallel.each(self.contents, subscriptions, self._workers)
        some = any(inside(observed).users for observed in subscriptions)
        directory = Directory(self._server.users() if some else ())
        for observed in subscriptions:
            show_contents(observed, directory)
        return directory.shared_emails()

    def contents(self, observed: Observed) -> Contents:
        """What is in a subscription; one without users and workflows need not be asked for them."""
        place = inside(observed)
        if place.contents is None:
            empty = place.user_count == 0 and place.workflow_count == 0
            place.contents = Contents() if empty else self._server.contents(observed.handle)
        if place.contents is None:
            raise AccessError(
                f"{SUBSCRIPTION.noun} '{observed.key}' ({observed.handle}) was listed and is gone now (404): somebody "
                "else is at work. Next: run this again",
                kind="conflict",
                status=404,
            )
        return place.contents

    def _read_contents(self, meant: Meant) -> None:
        needed = [
            observed
            for entry, observed in meant
            if observed is not None and (entry.absent or entry["users"] or self._whole)
        ]
        parallel.each(self.contents, needed, self._workers)

    def _users(self, meant: Meant, moving: Meant) -> Directory:
        """The users of the server, where ids or e-mails are needed."""
        shown = any(
            observed is not None and (self._whole or entry.absent) and inside(observed).users
            for entry, observed in meant
        )
        if self._directory is None and (moving or shown):
            self._directory = Directory(self._server.users())
            ids = dict.fromkeys(user for entry, _observed in moving for user in entry["users"] if not is_email(user))
            unlisted = [user for user in ids if user not in self._directory]
            for person in parallel.each(self._server.user, unlisted, self._workers):
                if person is not None:
                    self._directory.add(person)
        return self._directory or Directory()

    def _find_homes(self, moving: Meant, snapshot: Snapshot) -> None:
        """Where those are now who have to be moved."""
        membership = known(snapshot).membership
        for observed in snapshot.objects:
            for user in inside(observed).users:
                membership.homes[user] = observed
        movers = dict.fromkeys(user for entry, observed in moving for user in membership.missing(entry, observed))
        sought = [known(snapshot).directory[user] for user in movers if user not in membership.homes]
        unread = [item for item in snapshot.objects if inside(item).contents is None and inside(item).user_count > 0]
        membership.homes.update(find_homes(sought, unread, self.contents, self._workers))

    def _missing_credentials(self, meant: Meant) -> set[str]:
        """Those of the credentials to be written that the server does not have: it may take them nonetheless."""
        wanted = {
            entry["credential_id"]
            for entry, observed in meant
            if entry["credential_id"] and not entry.absent
            if observed is None or observed.values["credential_id"] != entry["credential_id"]
        }
        ids = sorted(wanted)
        found = parallel.each(self._server.has_credential, ids, self._workers)
        return {credential for credential, exists in zip(ids, found) if not exists}


def _found(entry: Declared, snapshot: Snapshot) -> Observed | None:
    try:
        return find(entry, snapshot)
    except Refused:
        return None  # the plan asks again, and reports it
