# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A subscription of an Alteryx Server as the modules know it: its declaration, its values, what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    AS_SET,
    Field,
    Observed,
    Option,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_api import Contents, Item, Listed

SUBSCRIPTION = Resource(
    platform="alteryx",
    noun="Alteryx subscription",
    singular="subscription",
    plural="subscriptions",
    listed_as="subscriptions",
    identity=("name",),
    moves_members=True,
    options=(
        Field("name"),
        Option("subscription_id"),
        Field("can_share_schedules", type="bool", create_default=False),
        Field("credential_id", create_default=""),
        Field("users", type="list", elements="str", compare=AS_SET),
        Option("return_secret", type="bool", default=False),
        Option("secret_file", type="path"),
    ),
    required_one_of=(("name", "subscription_id"),),
)

# How many a message names before it only counts.
_NAMED = 10


@dataclass
class Inside:
    """What is in one subscription: ``Observed.extra``."""

    user_count: int
    workflow_count: int
    # None: not read, since nothing depended on it.
    contents: Contents | None = None
    # Ids of users whom this task moves elsewhere, and how many it moves in.
    leaving: set[str] = field(default_factory=set)
    arriving: int = 0

    @property
    def users(self) -> list[str]:
        """Sorted ids of those who are in it; empty where that was not read."""
        return [user.id for user in self.contents.users] if self.contents else []

    @property
    def staying(self) -> list[Item]:
        """Those of them whom this task does not move elsewhere."""
        return [user for user in self.contents.users if user.id not in self.leaving] if self.contents else []

    @property
    def workflows(self) -> Sequence[Item]:
        """The workflows in it; empty where that was not read."""
        return self.contents.workflows if self.contents else ()

    @property
    def in_use(self) -> bool:
        """Whether users or workflows are in it once this task's moves are made."""
        if self.contents is None:
            return self.user_count + self.arriving > 0 or self.workflow_count > 0
        return bool(self.staying or self.arriving or self.workflows)


def inside(observed: Observed) -> Inside:
    """What is in a subscription."""
    found: Inside = observed.extra
    return found


def observed_from(item: Listed) -> Observed:
    """A listed subscription. It is matched by its id: several may have one name."""
    values = {
        "id": item.id,
        "name": item.name,
        "can_share_schedules": item.can_share_schedules,
        "credential_id": item.credential_id,
    }
    place = Inside(item.user_count, item.workflow_count)
    return Observed(item.name, f"id:{item.id}", values, handle=item.id, extra=place)


class Directory:
    """The users of the server, by id and by e-mail."""

    def __init__(self, people: Iterable[Item] = ()) -> None:
        self._by_id: dict[str, Item] = {}
        self._by_email: dict[str, list[Item]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Item) -> None:
        """Know one more."""
        self._by_id[person.id] = person
        self._by_email.setdefault(folded(person.email), []).append(person)

    def __contains__(self, user: str) -> bool:
        return user in self._by_id

    def __getitem__(self, user: str) -> Item:
        """The user of that id, nameless if unknown."""
        return self._by_id.get(user) or Item(user, "")

    def of_email(self, email: str) -> list[Item]:
        """All users of that e-mail, whatever its case."""
        return self._by_email.get(folded(email), [])

    def shared_emails(self) -> list[str]:
        """The e-mails, lower-cased, that several users have."""
        return sorted(email for email, people in self._by_email.items() if email and len(people) > 1)

    def whole(self, user: Item) -> Item:
        """A user of a subscription, which tells no e-mail, with the e-mail."""
        known = self[user.id]
        return Item(user.id, user.name or known.name, known.email)


def member(user: Item) -> dict[str, str]:
    """A user as results show one: ``{id, name, email}``."""
    return {"id": user.id, "name": user.name, "email": user.email}


def show_contents(observed: Observed, directory: Directory) -> None:
    """Put users and workflows into the values of a subscription, where they were read."""
    place = inside(observed)
    if place.contents is not None:
        place.contents = replace(place.contents, users=tuple(map(directory.whole, place.contents.users)))
        observed.values["users"] = place.users
        observed.values["members"] = [member(user) for user in place.contents.users]
        observed.values["workflows"] = [{"id": item.id, "name": item.name} for item in place.workflows]


def blockers(users: Sequence[Item], workflows: Sequence[Item]) -> str:
    """Why a subscription is not removed, by name. The vendor: "only if no workflows or users are in the studio"."""
    parts = []
    if users:
        who = listed(user.as_text() for user in users)
        parts.append(f"it still has the users {who}; move them to another subscription")
    if workflows:
        what = listed(workflow.as_text() for workflow in workflows)
        parts.append(f"it still has the workflows {what}, which do not move along with users; delete them first")
    return "; ".join(parts)


def listed(items: Iterable[str]) -> str:
    """Texts in one line; of many, the first few and how many more there are."""
    texts = list(items)
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(texts[:_NAMED]) + more
