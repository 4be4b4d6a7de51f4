# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who joins or leaves, and what the variables of the play's hosts say of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT
from ansible_collections.dataops.access.plugins.plugin_utils import declared_lists
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model, outcome, receipt, variables
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import Kind, folded, of_platform
from ansible_collections.dataops.access.plugins.plugin_utils.people.model import ACTIVE, People, Person


class Variables(Protocol):
    """The variables of one host."""

    def get(self, name: str) -> Any:
        """One of them, None where it is undefined."""


@dataclass(frozen=True)
class Asked:
    """What the run was asked for: ``access_person`` and what belongs to it."""

    email: str
    name: str | None = None
    profiles: tuple[str, ...] = ()
    end_date: str | None = None
    # Profiles that may be given to somebody who is not declared; None: any.
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Subject:
    """The person, and where it is declared: in whose ``access_people``, None where nobody declares it."""

    person: Person
    host: str | None


class Hosts:
    """What the tenants of a play declare about people."""

    def __init__(self, hosts: Mapping[str, Variables]) -> None:
        """Read everything. Raises ValidationError for what is wrong."""
        self.variables = hosts
        self.people: dict[str, People | None] = {}
        self.terms: dict[str, expansion.Terms] = {}
        for host, own in hosts.items():
            self.people[host], self.terms[host] = variables.of_play(own.get)

    def platform(self, host: str) -> str:
        """``access_platform``"""
        return str(self.variables[host].get("access_platform"))

    def find(self, email: str) -> Subject | None:
        """The person, if a host declares it.

        Raises ValidationError where hosts declare it differently, and where it is but another name of somebody.
        """
        self._check_name(email)
        found = [
            (host, person)
            for host, people in self.people.items()
            for person in [people.person(email) if people else None]
            if person is not None
        ]
        for host, person in found[1:]:
            # What is granted may be written with a host's own variables.
            if replace(person, grants=()) != replace(found[0][1], grants=()):
                raise ValidationError(
                    f"access_people: {found[0][0]} and {host} declare {person.email} differently; declare people once, "
                    "for all hosts"
                )
        return Subject(found[0][1], found[0][0]) if found else None

    def declared_on(self, host: str, person: Person) -> Person:
        """``person`` as that host declares it, whose own variables may be a part of what is granted."""
        people = self.people[host]
        return (people.person(person.email) if people else None) or person

    def _check_name(self, email: str) -> None:
        """Refuse what a person is called on some platform: whoever asks for that means the person, or a part of it."""
        for people in self.people.values():
            for person in people.people if people else ():
                where = [platform for platform, name in person.accounts.items() if folded(name) == folded(email)]
                if where and person.email != folded(email):
                    raise ValidationError(
                        f"access_person: {email} is what {person.email} is called on {', '.join(sorted(where))} "
                        f"(accounts in access_people). No platform was asked. Next: give {person.email} as "
                        "access_person, who is one person under all names"
                    )

    def emails(self) -> set[str]:
        """Everybody who is declared as a person."""
        return {person.email for people in self.people.values() for person in (people.people if people else ())}

    def joining(self, asked: Asked) -> Subject:
        """Who joins: as declared, or as asked for. Raises ValidationError."""
        found = self.find(asked.email)
        if found is None:
            return Subject(self._new(asked), None)
        if asked.profiles or asked.end_date or (asked.name and asked.name != found.person.name):
            raise ValidationError(
                f"access_person: {asked.email} is declared in access_people, which says what this person gets; change "
                "that, and leave out access_person_name, access_person_profiles and access_person_end_date"
            )
        terms = self.terms[str(found.host)]
        phase = found.person.phase(terms.day, 0)
        if phase != ACTIVE:
            why = {model.FUTURE: f"begins on {found.person.start}"}.get(phase, "is declared to have left")
            raise ValidationError(f"access_person: {asked.email} {why}; change access_people first")
        return found

    def _new(self, asked: Asked) -> Person:
        if not asked.profiles:
            near = checks.near(asked.email, self.emails())
            raise ValidationError(
                f"access_person: {asked.email} is not declared in access_people{near}; "
                "declare this person, or say with access_person_profiles what to grant"
            )
        refused = [name for name in asked.profiles if asked.allowed is not None and name not in asked.allowed]
        if refused:
            raise ValidationError(
                f"access_person_profiles: {', '.join(refused)} may not be granted here (access_onboard_profiles has "
                f"{', '.join(asked.allowed or ()) or 'none'}); ask those who keep access_people"
            )
        entry = {
            "email": asked.email,
            "name": asked.name,
            "profiles": list(asked.profiles),
            "end_date": asked.end_date or None,
        }
        # Every host has to know the profiles, since each of them is asked what they grant there.
        read = {host: model.read([entry], own.get("access_profiles") or {}) for host, own in self.variables.items()}
        person = next(iter(read.values())).people[0]
        if person.phase(next(iter(self.terms.values())).day, 0) != ACTIVE:
            raise ValidationError(f"access_person_end_date: {asked.end_date} is over; nothing would be granted")
        return person

    def granted(self, subject: Subject, host: str) -> dict[str, list[dict[str, Any]]]:
        """What the person is granted on a host, by role variable. Raises ValidationError for contradictions."""
        person = subject.person
        own = self.variables[host]
        if subject.host is None:
            profiles = own.get("access_profiles") or {}
            entry = {"email": person.email, "name": person.name, "profiles": list(person.profiles)}
            people = model.read([entry], profiles)
        else:
            people = People((self.declared_on(host, person),), {})
        found = {}
        for kind in of_platform(self.platform(host)):
            terms = self.terms[host]
            entries = expansion.entitlements(people, kind.name, host, terms)
            if kind.personal and entries:
                # What the role's own list says of the same objects holds as well, as for the next apply.
                keys = {kind.key(entry) for entry in entries}
                listed = [entry for entry in own.get(kind.variable) or () if isinstance(entry, Mapping)]
                # But for secrets, since what is planned is a result that everybody may read.
                same = [
                    {name: value for name, value in entry.items() if name not in kind.secrets}
                    for entry in listed
                    if kind.key(entry) in keys
                ]
                said_by = declared_lists.source_of(own.get, kind.variable)
                entries = expansion.declared(same, people, kind.name, host, terms, said_by) or []
            if entries:
                found[kind.variable] = entries
        return found

    # --- what the next apply would make of it ---------------------------------------------------------------------

    def leaving_patch(self, person: Person) -> str | None:
        """What has to be declared so that the next apply gives nothing back, as YAML; None: nothing."""
        parts = []
        declared = self.find(person.email)
        day = self.terms[str(declared.host)].day if declared else None
        if declared is not None and day is not None and declared.person.phase(day, 0) != model.GONE:
            parts.append(receipt.dump({"access_people": [self._ended(person, str(declared.host))]}))
        for host in sorted(self.variables):
            still: dict[str, dict[str, Any]] = {}
            for kind in of_platform(self.platform(host)):
                try:
                    entries = list(self._still(kind, host, person))
                    where = self._where(kind, host)
                except declared_lists.Unread as problem:
                    parts.append(f"# {host}: look for {person.email} there by hand: {problem.message}\n")
                    continue
                if entries:
                    still.setdefault(where, {})[kind.variable] = entries
            parts += [f"# {where}\n{receipt.dump(own)}" for where, own in still.items()]
        return "".join(parts) or None

    def _where(self, kind: Kind, host: str) -> str:
        """Where the role's own list is declared."""
        own = self.variables[host]
        source = declared_lists.source_of(own.get, kind.variable)
        return host if source == kind.variable else f"{host}, in the file that {source} names: {own.get(source)}"

    def _ended(self, person: Person, host: str) -> dict[str, Any]:
        raw = next(
            entry
            for entry in self.variables[host].get("access_people")
            if folded(entry.get("email") or "") == person.email
        )
        # Not `access`: what is granted may hold what is not to be written down.
        kept = {name: raw[name] for name in ("email", "name", "profiles", "accounts", "start_date") if raw.get(name)}
        terms = self.terms[host]
        last = terms.day - dt.timedelta(days=1)
        if terms.retention_days == 0 or (person.start is not None and person.start > last):
            return {**kept, "state": ABSENT}
        return {**kept, "end_date": last}

    def _still(self, kind: Kind, host: str, person: Person) -> Iterator[dict[str, Any]]:
        """Entries of the role's own list that name the person, as they have to be."""
        called = outcome.names(person, kind.platform)
        for entry in self.variables[host].get(kind.variable) or ():
            if not isinstance(entry, Mapping) or entry.get("state") == ABSENT or entry.get("enabled") is False:
                continue
            named = entry.get(kind.person)
            members = named if isinstance(named, (list, tuple)) else [named]
            if called.isdisjoint(folded(member) for member in members):
                continue
            if kind.name == "alteryx":
                left = [member for member in members if folded(member) not in called]
                yield {**_names(kind, entry), **({kind.person: left} if left else {})}
            elif kind.name == "dqm":
                yield {**entry, "clients": []}
            else:
                yield {**_names(kind, entry), "state": ABSENT}

    def joining_patch(self, subject: Subject) -> str | None:
        """What has to be declared so that the person keeps what was granted, as YAML; None: nothing."""
        if subject.host is not None:
            return None
        return receipt.person_yaml(subject.person, subject.person.profiles)


def check_leaving(email: str, hosts: Hosts) -> None:
    """Refuse people whose access is never taken away, whatever they are called. Raises ValidationError."""
    declared = hosts.find(email)
    called = {folded(email), *(map(folded, declared.person.accounts.values()) if declared else ())}
    for host, terms in hosts.terms.items():
        for name in sorted(called & terms.protected):
            raise ValidationError(
                f"access_person: {name} is in access_protected_people of {host}, whose access is never taken away; "
                "change that list first"
            )


def leaving(email: str, hosts: Hosts, found: Iterable[str]) -> Subject:
    """Who leaves: declared, or among ``found``, whom the tenants know. Raises ValidationError."""
    declared = hosts.find(email)
    known = {folded(name) for name in found}
    if declared is None and folded(email) not in known:
        near = checks.near(email, known | hosts.emails())
        raise ValidationError(
            f"access_person: {email} is declared nowhere and was found on no tenant{near}; nothing was done. Next: "
            "check the spelling, and that every tenant could be read"
        )
    return declared or Subject(Person(folded(email), None, False, None, None, (), {}, ()), None)


def _names(kind: Kind, entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {*kind.names, kind.person} - set(kind.lists) - ({kind.person} if kind.name == "devo_tokens" else set())
    return {name: value for name, value in entry.items() if name in names}
