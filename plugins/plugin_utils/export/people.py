# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared state of several tenants as people and profiles: what is one person's moves out of the tenants' files. Pure.

A person is an e-mail. What names no person, what only an id tells, and what an expansion could not tell apart stays
where it is: put together again by the roles, both are what the tenants' files alone would be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils import declared, platforms
from ansible_collections.dataops.access.plugins.plugin_utils.export import profiles
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import Declaration, Entry, plain, repeated
from ansible_collections.dataops.access.plugins.plugin_utils.export.profiles import Grant
from ansible_collections.dataops.access.plugins.plugin_utils.export.tenant import Tenant
from ansible_collections.dataops.access.plugins.plugin_utils.export.yaml_text import Noted, OneLine
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import EMAIL, KINDS, Kind

_KIND_OF = {kind.variable: kind for kind in KINDS.values()}
# What says who somebody is on a platform where that is no e-mail.
_OTHER_NAMES = ("dbsync", "dqm")
# Options that tell something of one person, and no right: kept beside the profile.
_PARTICULAR = {"datasentinel": ("comment",)}
_PASSWORDS = (
    "Who is new on Datasentinel needs a password, which is never exported: give the entitlement ldap: true, or a "
    "password_file with {email} in its name, which stands for the person's."
)


@dataclass
class Person:
    """One e-mail, and what it has."""

    email: str
    name: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    profiles: list[str] = field(default_factory=list)
    # What others may have as well, and what is this person's in any case.
    grants: list[Grant] = field(default_factory=list)
    own: list[Grant] = field(default_factory=list)


@dataclass
class People:
    """The people of several tenants, and profiles of what several of them have alike."""

    people: list[Person]
    profiles: dict[str, list[Grant]]
    # Platforms of which there is one tenant, so that it need not be named.
    alone: Collection[str]

    def summary(self) -> str:
        """For one line."""
        return f"{len(self.people)} people, {len(self.profiles)} profiles"

    def document(self) -> list[tuple[str, Any]]:
        """``access_profiles`` and ``access_people`` as :func:`yaml_text.document` takes them."""
        granted = [grant for each in self.people for grant in each.grants]
        notes = [_PASSWORDS] if any(grant.kind == "datasentinel" for grant in granted) else []
        by_name = {name: self._entitlements(grants) for name, grants in self.profiles.items()}
        return [
            ("access_profiles", Noted(by_name, notes)),
            ("access_people", Noted([self._person(person) for person in self.people])),
        ]

    def _entitlements(self, grants: Sequence[Grant]) -> dict[str, Any]:
        whole = [grant.options(self.alone) for grant in grants]
        one_line = all(len(each) <= 2 for each in whole)
        written = [OneLine(each) if one_line else each for each in whole]
        return {grants[0].kind: written[0] if len(written) == 1 else written}

    def _person(self, person: Person) -> dict[str, Any]:
        entry: dict[str, Any] = {"email": person.email}
        if person.name:
            entry["name"] = person.name
        if person.accounts:
            entry["accounts"] = OneLine(sorted(person.accounts.items()))
        if person.profiles:
            entry["profiles"] = person.profiles
        if person.own:
            entry["access"] = [
                Noted({"platform": grant.kind, **grant.options(self.alone)}, list(grant.notes)) for grant in person.own
            ]
        return entry


def people(tenants: Sequence[Tenant], alone: Collection[str]) -> People:
    """Takes out of the tenants' lists what people have, and returns it. ``alone``: platforms of which there is one."""
    found: dict[str, Person] = {}
    accounts = _accounts(tenants)
    called = _called(tenants)

    def person(email: str) -> Person:
        return found.setdefault(email, Person(email, called.get(email, "")))

    for tenant in tenants:
        for declaration in tenant.declarations:
            kind = _KIND_OF.get(declaration.variable)
            if kind is None:
                continue
            take = _take_members if kind.name == "alteryx" else _take_entries
            for email, grant in take(tenant.host, kind, declaration, accounts):
                (person(email).own if grant.is_own else person(email).grants).append(grant)
    for (platform, email), name in accounts.items():
        if email in found and name != email and _has(found[email], platform):
            found[email].accounts[platform] = name
    everybody = [found[email] for email in sorted(found)]
    proposed = profiles.propose({each.email: each.grants for each in everybody})
    for each in everybody:
        each.profiles = sorted(proposed.of[each.email])
        each.own = sorted(profiles.joined([*proposed.left[each.email], *each.own]), key=Grant.order)
    return People(everybody, proposed.profiles, alone)


def _has(person: Person, platform: str) -> bool:
    return any(KINDS[grant.kind].platform == platform for grant in (*person.grants, *person.own))


def is_person(email: str) -> bool:
    """Whether this may be the e-mail of declared people."""
    try:
        checks.email("email", email)
    except ValidationError:
        return False
    return plain(email) is None and email == folded(email).strip()


# --- what moves ---------------------------------------------------------------------------------------------------


def _take_entries(
    host: str, kind: Kind, declaration: Declaration, accounts: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, Grant]]:
    """Entries that are one person's: each goes as a whole."""
    several = repeated(repr(kind.key(entry.options)) for entry in declaration.entries)
    kept = []
    for entry in declaration.entries:
        if not _moves(kind, entry, accounts) or repr(kind.key(entry.options)) in several:
            kept.append(entry)
            continue
        told = {name: value for name, value in entry.options.items() if name not in (*kind.derived, "username")}
        particular = {name: told.pop(name) for name in _PARTICULAR.get(kind.name, ()) if name in told}
        yield entry.person, Grant(kind.name, kind.platform, host, told, tuple(entry.notes), bool(entry.notes))
        if particular:
            yield entry.person, Grant(kind.name, kind.platform, host, particular, (), True)
    declaration.entries = kept


def _take_members(
    host: str, kind: Kind, declaration: Declaration, accounts: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, Grant]]:
    """Members of subscriptions: the subscriptions stay."""
    several = repeated(repr(kind.key(entry.options)) for entry in declaration.entries)
    for entry in declaration.entries:
        if repr(kind.key(entry.options)) in several:
            continue
        named = {name: entry.options[name] for name in kind.names if entry.options.get(name)}
        staying = []
        for user in entry.options.pop("users", ()):
            if is_person(folded(user)) and not _is_template(named):
                yield folded(user), Grant(kind.name, kind.platform, host, named)
            else:
                staying.append(user)
        if staying:
            entry.options["users"] = staying


def _moves(kind: Kind, entry: Entry, accounts: Mapping[tuple[str, str], str]) -> bool:
    if not is_person(entry.person) or _is_template(entry.options):
        return False
    if kind.name not in _OTHER_NAMES:
        return True
    # A person has one name on all tenants of a platform.
    return accounts[kind.platform, entry.person] == str(entry.options[kind.person])


def _is_template(value: Any) -> bool:
    """Whether an expansion would replace a part of it."""
    if isinstance(value, Mapping):
        return any(map(_is_template, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_is_template, value))
    return isinstance(value, str) and EMAIL in value


# --- who they are -------------------------------------------------------------------------------------------------


def _entries(tenants: Sequence[Tenant]) -> Iterator[tuple[Kind, Entry]]:
    for tenant in tenants:
        for declaration in tenant.declarations:
            if declaration.variable in _KIND_OF:
                for entry in declaration.entries:
                    yield _KIND_OF[declaration.variable], entry


def _accounts(tenants: Sequence[Tenant]) -> dict[tuple[str, str], str]:
    """The name of each person on each platform where that is no e-mail: the most frequent one."""
    names: dict[tuple[str, str], Counter[str]] = {}
    for kind, entry in _entries(tenants):
        if kind.name in _OTHER_NAMES and entry.person:
            names.setdefault((kind.platform, entry.person), Counter())[str(entry.options[kind.person])] += 1
    return {key: min(counter, key=_first_of(counter)) for key, counter in names.items()}


def _first_of(counter: Counter[str]) -> Callable[[str], tuple[int, str]]:
    return lambda name: (-counter[name], name)


def _called(tenants: Sequence[Tenant]) -> dict[str, str]:
    """What people are called, where a new Devo user may be called so."""
    service = declared.offline(platforms.service_of("devo_domain_users"), {"domain": "example"})
    names: dict[str, set[str]] = {}
    for kind, entry in _entries(tenants):
        for email, name in entry.called.items():
            if name and plain(name) is None and not _is_template(name):
                # What Devo says comes first.
                names.setdefault(email, set()).add(f"{'0' if kind.platform == 'devo' else '1'}{name}")
    found = {}
    for email, given in names.items():
        name = min(given)[1:]
        try:
            service.declare({"email": "name@example.com", "username": name})
        except ValidationError:
            continue
        found[email] = name
    return found
