# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is in which subscription of an Alteryx Server, and who is to be: every user is in exactly one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.dataops.access.plugins.module_utils.core import parallel
from ansible_collections.dataops.access.plugins.module_utils.core.errors import Refusal, Refused, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Change
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_api import Contents, Item
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_objects import (
    SUBSCRIPTION,
    Directory,
    inside,
    listed,
    member,
)


@dataclass
class Membership:
    """The declared users, resolved: ``Snapshot.extra`` holds it."""

    # Of each entry that declares users, by its match: their ids.
    wanted: dict[str, list[str]] = field(default_factory=dict)
    # Why an entry cannot be: unknown and ambiguous users, users of two subscriptions.
    problems: dict[str, list[Refusal]] = field(default_factory=dict)
    # Where a user is now, as far as it was read.
    homes: dict[str, Observed] = field(default_factory=dict)
    # Existing subscriptions that declare users, with the ids of these.
    declared: list[tuple[Observed, list[str]]] = field(default_factory=list)

    def resolve(self, declared: Iterable[Declared], directory: Directory) -> None:
        """Ids for the declared users. A user may be declared in one subscription only."""
        claimed: dict[str, Declared] = {}
        for entry in declared:
            ids: list[str] = []
            for user in entry["users"]:
                try:
                    person = resolve(user, directory)
                except (Refused, ValidationError) as problem:
                    self._problem(entry, Refusal(problem.message, problem.kind))
                    continue
                first = claimed.setdefault(person.id, entry)
                if first is not entry:
                    self._problem(
                        entry,
                        Refusal.invalid(
                            f"users: {person.as_text()} is declared in '{first.key}' too, and a user is in one "
                            "subscription; keep one"
                        ),
                    )
                ids.append(person.id)
            self.wanted[entry.match] = sorted(set(ids))

    def _problem(self, entry: Declared, problem: Refusal) -> None:
        self.problems.setdefault(entry.match, []).append(problem)

    def missing(self, entry: Declared, observed: Observed | None) -> list[str]:
        """Ids of the declared users who are not in the subscription."""
        present = set(inside(observed).users) if observed else set()
        return [user for user in self.wanted.get(entry.match, ()) if user not in present]

    def settle(self, meant: Iterable[tuple[Declared, Observed | None]]) -> None:
        """Note at each subscription whom this task moves out of it and how many into it."""
        for entry, observed in meant:
            missing = self.missing(entry, observed)
            if observed is not None:
                inside(observed).arriving += len(missing)
                self.declared.append((observed, self.wanted[entry.match]))
            for user in missing:
                home = self.homes.get(user)
                if home is not None:
                    inside(home).leaving.add(user)


def resolve(user: str, directory: Directory) -> Item:
    """The user whom an id or e-mail of the declared state means. Raises ValidationError, Refused."""
    if not is_email(user):
        if user not in directory:
            raise ValidationError(
                f"users: no user of this server has the id '{user}'; correct it, or declare the e-mail"
            )
        return directory[user]
    found = directory.of_email(user)
    if not found:
        raise ValidationError(
            f"users: no user of this server has the e-mail '{user}'; create the user first, or correct it"
        )
    if len(found) > 1:
        ids = ", ".join(sorted(person.id for person in found))
        raise Refused(f"users: {len(found)} users of this server have the e-mail '{user}' ({ids}); declare the id")
    return found[0]


def is_email(user: str) -> bool:
    """Whether a declared user is an e-mail; ids have no @."""
    return "@" in user


def find_homes(
    wanted: Sequence[Item],
    subscriptions: Sequence[Observed],
    read: Callable[[Observed], Contents],
    workers: int,
) -> Iterator[tuple[str, Observed]]:
    """Which subscription each of the ``wanted`` users is in, as ``(user id, subscription)``.

    No call tells, so subscriptions are read until all are found: first those that bear the name of one of the users,
    since the server makes a private one for every user under the user's name.
    """
    names = {user.name for user in wanted}
    open_ids = {user.id for user in wanted}
    candidates = sorted(subscriptions, key=lambda observed: observed.key not in names)
    step = max(workers * 4, 1)
    likely = sum(1 for observed in candidates if observed.key in names)
    start = 0
    while start < len(candidates) and open_ids:
        end = likely if start < likely else start + step
        batch = candidates[start:end]
        for observed, contents in zip(batch, parallel.each(read, batch, workers)):
            for user in contents.users:
                if user.id in open_ids:
                    open_ids.discard(user.id)
                    yield user.id, observed
        start = end


def describe_moves(change: Change, directory: Directory, homes: Mapping[str, Observed]) -> None:
    """Show each move from → to in the entry of its target, and warn of what users leave behind.

    "Once a workflow is created in a studio, it must remain in that studio" (the vendor's community pages).
    """
    after = change.target
    present = inside(change.observed) if change.observed else None
    arriving = [directory[user] for user in after["users"] if present is None or user not in present.users]
    people = sorted([*(present.staying if present else ()), *arriving], key=lambda user: user.id)
    after["members"] = [member(user) for user in people]
    moved = []
    texts = []
    for user in arriving:
        home = homes.get(user.id)
        origin = {"from": home.key, "from_id": home.handle} if home else {"from": None, "from_id": None}
        moved.append({**member(user), **origin, "to": after["name"]})
        texts.append(f"{user.as_text()} from '{home.key}'" if home else f"{user.as_text()} from no subscription")
    change.details["moved"] = moved
    change.warnings.append(
        f"{SUBSCRIPTION.noun} '{after['name']}': users move in, and the workflows that they made stay behind: "
        f"{listed(texts)}"
    )
