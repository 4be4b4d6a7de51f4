# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What declared people may use on a tenant, as entries of its role's list, beside the role's own. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import (
    EMAIL,
    KINDS,
    Kind,
    Subscriptions,
    folded,
)
from ansible_collections.dataops.access.plugins.plugin_utils.people.merging import Entry, Part, merge
from ansible_collections.dataops.access.plugins.plugin_utils.people.model import (
    ACTIVE,
    DISABLED,
    FUTURE,
    GONE,
    People,
    Person,
)

REPORT, REMOVE = "report", "remove"
SOURCE = "access_people"


@dataclass(frozen=True)
class Terms:
    """On which day, and what becomes of access that has ended."""

    day: dt.date
    # Days that what can be disabled is kept disabled after the last day with access.
    retention_days: int = 0
    # What becomes of accounts of declared people that nobody grants: REPORT or REMOVE.
    unentitled: str = REPORT
    # E-mails of people whose access is never taken away.
    protected: AbstractSet[str] = frozenset()


def entitlements(people: People, kind_name: str, tenant: str | None, terms: Terms) -> list[dict[str, Any]]:
    """What people are granted on a tenant, sorted: entries of the role's list, all of them complete.

    Raises ValidationError where two grants contradict each other, naming both.
    """
    return declared(None, people, kind_name, tenant, terms) or []


def declared(
    own: Sequence[Any] | None,
    people: People | None,
    kind_name: str,
    tenant: str | None,
    terms: Terms,
    said_by: str | None = None,
) -> list[Any] | None:
    """The role's own list, with what people are granted. None: neither says anything.

    ``said_by``: which variable declares the own list, for messages, if not the kind's. Raises ValidationError where
    sources contradict each other, naming both.
    """
    if people is None:
        return None if own is None else list(own)
    kind = KINDS[kind_name]
    entries: dict[tuple[str, ...], Entry] = {}
    other: list[Any] = []
    wrong: list[str] = []
    for entry in own or ():
        # What is wrong with an entry, or declared twice, is said by the module that takes the list.
        if isinstance(entry, Mapping) and kind.key(entry) not in entries:
            merge(kind, [Part(entry, said_by or kind.variable)], entries)
        else:
            other.append(entry)
    own_keys = dict.fromkeys(entries)
    people_sorted = sorted(people.people, key=lambda person: person.email)
    for person in people_sorted:
        if person.email in terms.protected and person.phase(terms.day, terms.retention_days) in (DISABLED, GONE):
            wrong.append(f"{person.email} is in access_protected_people, and is declared to have left; take one back")
        wrong += merge(kind, _meant(person, kind, tenant, terms), entries)
        if _phase(person, kind, terms) == GONE:
            wrong += [
                _still_there(person, kind, entries[key]) for key in own_keys if _names(person, kind, entries[key])
            ]
    for person in people_sorted:
        for part in _left_over(person, kind, tenant, terms, people):
            if kind.key(part.options) not in entries:
                merge(kind, [part], entries)
    wrong += _in_two(kind, entries)
    if wrong:
        raise ValidationError("; ".join(dict.fromkeys(wrong)))
    _complete(kind, entries, people)
    made = [entry.options for key, entry in entries.items() if key not in own_keys]
    return [*(entries[key].options for key in own_keys), *sorted(made, key=kind.key), *other]


def _names(person: Person, kind: Kind, entry: Entry) -> bool:
    """Whether the role's own entry gives something to the person."""
    own = entry.parts[0].options
    if own.get("state") == ABSENT or own.get("enabled") is False or kind.platform == "dqm":
        return False
    named = own.get(kind.person)
    called = {person.email, folded(kind.account(person))}
    return not called.isdisjoint(folded(name) for name in (named if isinstance(named, (list, tuple)) else [named]))


def _still_there(person: Person, kind: Kind, entry: Entry) -> str:
    own = entry.parts[0].options
    name = next((own[option] for option in (*kind.names, kind.person) if own.get(option)), "an entry")
    return (
        f"{kind.name}: {entry.parts[0].source} gives '{name}' to {person.email}, and access_people says that this "
        "person has left; take one of them back"
    )


def _phase(person: Person, kind: Kind, terms: Terms) -> str:
    """What the person is to this kind: what cannot be disabled goes at once."""
    phase = person.phase(terms.day, terms.retention_days)
    return GONE if phase == DISABLED and not kind.can_disable else phase


def _meant(person: Person, kind: Kind, tenant: str | None, terms: Terms) -> Iterator[Part]:
    """What has to be so of the person's own objects, whatever else is declared."""
    phase = _phase(person, kind, terms)
    if phase == ACTIVE:
        for grant in person.grants:
            if grant.holds(kind.name, tenant, terms.day):
                yield Part(kind.entry(person, grant.options), grant.source, person.email)
    elif kind.personal and phase != FUTURE:
        yield from _ended(person, kind, tenant, phase)


def _ended(person: Person, kind: Kind, tenant: str | None, phase: str) -> Iterator[Part]:
    """What becomes of the objects of somebody who has left."""
    grants = [grant for grant in person.grants if grant.holds(kind.name, tenant, None)]
    if phase == DISABLED:
        for grant in grants:
            # Whoever never came gets no account on leaving.
            options = {**kind.entry(person, grant.options), "enabled": False, "only_existing": True}
            yield Part(options, grant.source, person.email)
    elif kind.can_remove and kind.knows(person):
        # What is named by the person alone goes wherever it is.
        named: list[Mapping[str, Any]] = [grant.options for grant in grants] if kind.names else [{}]
        for each in named:
            yield Part(kind.removal(person, each), SOURCE, person.email)


def _left_over(person: Person, kind: Kind, tenant: str | None, terms: Terms, people: People) -> Iterator[Part]:
    """What nobody grants and would be the person's, as far as the declarations name it: only where nobody else has it.

    Of somebody who has left it goes in any case; of others where that is asked for.
    """
    phase = _phase(person, kind, terms)
    if not kind.can_remove or not kind.knows(person) or person.email in terms.protected or phase == FUTURE:
        return
    if not kind.personal and phase == DISABLED:
        parts = _ended(person, kind, tenant, phase)
        yield from (part for part in parts if person.email in str(part.options.get("name") or ""))
    if phase == DISABLED or (phase == ACTIVE and terms.unentitled != REMOVE):
        return
    if not kind.names:
        yield Part(kind.removal(person, {}), SOURCE, person.email)
        return
    for grant in people.grants():
        # An object whose name says nothing of a person may be anybody's.
        if grant.holds(kind.name, tenant, None) and (kind.personal or EMAIL in str(grant.options.get("name") or "")):
            yield Part(kind.removal(person, grant.options), SOURCE, person.email)


def _in_two(kind: Kind, entries: Mapping[tuple[str, ...], Entry]) -> list[str]:
    """Nobody can be in two subscriptions of one server."""
    if not isinstance(kind, Subscriptions):
        return []
    found: dict[str, tuple[tuple[str, ...], Part]] = {}
    wrong = []
    for key, entry in entries.items():
        for part in entry.parts:
            for member in part.options.get(kind.person) or ():
                first = found.setdefault(folded(member), (key, part))
                if first[0] != key:
                    said = sorted(
                        f"{each.source} says '{each.options.get('name') or each.options.get('subscription_id')}'"
                        for each in (first[1], part)
                    )
                    wrong.append(
                        f"{kind.name}: {member} can be in one subscription only: {said[0]}, and {said[1]}; keep one"
                    )
    return wrong


def _complete(kind: Kind, entries: Mapping[tuple[str, ...], Entry], people: People) -> None:
    """A new Devo user is called as the person is."""
    if kind.name != "devo_users":
        return
    names = {folded(kind.account(person)): person.name for person in people.people if person.name}
    for entry in entries.values():
        name = names.get(folded(entry.options.get("email") or ""))
        if name and entry.options.get("username") is None and entry.options.get("state") != ABSENT:
            entry.options["username"] = name
