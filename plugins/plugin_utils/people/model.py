# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared people: who they are, and which entitlements their profiles and they themselves are given. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks, unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import KINDS, PLATFORMS

PERSON = ("email", "name", "state", "start_date", "end_date", "profiles", "accounts", "access")
STATES = ("present", "absent")

# What a person is on a day.
FUTURE, ACTIVE, DISABLED, GONE = "future", "active", "disabled", "gone"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``word``: what to look for in the file that declares it."""

    text: str
    word: str


class PeopleError(ValidationError):
    """Everything that is wrong with declared people, in one sentence each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Grant:
    """One entitlement. ``tenants``: the hosts that it holds for, empty: each of the platform."""

    kind: str
    options: Mapping[str, Any]
    tenants: tuple[str, ...]
    until: dt.date | None
    source: str

    def holds(self, kind: str, tenant: str | None, day: dt.date | None) -> bool:
        """Whether it says something about a tenant on a day; None stands for any."""
        here = not self.tenants or tenant is None or tenant in self.tenants
        return self.kind == kind and here and (day is None or self.until is None or day <= self.until)


@dataclass(frozen=True)
class Person:
    """One person. ``email`` is in lower case; ``accounts``: other names, by platform."""

    email: str
    name: str | None
    absent: bool
    start: dt.date | None
    end: dt.date | None
    profiles: tuple[str, ...]
    accounts: Mapping[str, str]
    grants: tuple[Grant, ...]

    def phase(self, day: dt.date, retention_days: int) -> str:
        """What the person is on that day: before the first, with access, past the last, or past what is kept of it."""
        if self.absent:
            return GONE
        if self.end is not None and day > self.end:
            return DISABLED if (day - self.end).days <= retention_days else GONE
        return FUTURE if self.start is not None and day < self.start else ACTIVE


@dataclass(frozen=True)
class People:
    """All declared people, and what every profile grants, whoever has it."""

    people: tuple[Person, ...]
    profiles: Mapping[str, tuple[Grant, ...]]

    def person(self, email: str) -> Person | None:
        """The person of that e-mail, whatever its case."""
        return next((person for person in self.people if person.email == folded(email.strip())), None)

    def grants(self) -> Iterable[Grant]:
        """Every entitlement that is written down."""
        for granted in self.profiles.values():
            yield from granted
        for person in self.people:
            yield from person.grants


def read(people: Any, profiles: Any = None) -> People:
    """``access_people`` and ``access_profiles``, checked as a whole. Raises PeopleError with everything that is wrong.

    Without profiles those that people have are not looked at.
    """
    return _Reader().read(people, profiles)


def day(value: Any, where: str) -> dt.date | None:
    """A date as YAML or a text has it. Raises ValidationError."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        # Not fromisoformat, which takes other forms from Python 3.11 on.
        return dt.datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=dt.timezone.utc).date()
    except ValueError:
        raise ValidationError(f"{where} is '{value}', and has to be a date such as 2026-01-31") from None


class _Reader:
    """Reads on after a mistake, so that all of them are told."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        # Lower-cased e-mail, and the name on each platform: where it was first used.
        self._seen: dict[tuple[str, str], str] = {}

    def read(self, people: Any, profiles: Any) -> People:
        known = None if profiles is None else self._profiles(profiles)
        found = []
        if people is not None and not isinstance(people, (list, tuple)):
            self._wrong("access_people must be a list of people", "access_people")
            people = ()
        for place, entry in enumerate(people or (), start=1):
            person = self._person(entry, f"access_people: entry {place}", known)
            if person is not None:
                found.append(person)
        if self._problems:
            raise PeopleError(self._problems)
        return People(tuple(found), known or {})

    def _wrong(self, text: str, word: str) -> None:
        self._problems.append(Problem(text, word))

    def _date(self, value: Any, where: str, word: str) -> dt.date | None:
        try:
            return day(value, where)
        except ValidationError as problem:
            self._wrong(problem.message, word)
            return None

    def _email(self, value: str, where: str) -> str | None:
        try:
            return folded(checks.email("email", value))
        except ValidationError as problem:
            self._wrong(f"{where}: {problem.message}", value)
            return None

    # --- profiles ---------------------------------------------------------------------------------------------------

    def _profiles(self, profiles: Any) -> dict[str, tuple[Grant, ...]]:
        if not isinstance(profiles, Mapping):
            self._wrong("access_profiles must be a mapping of names to what each grants", "access_profiles")
            return {}
        return {str(name): self._profile(str(name), granted) for name, granted in profiles.items()}

    def _profile(self, name: str, granted: Any) -> tuple[Grant, ...]:
        where = f"access_profiles: {name}"
        if not isinstance(granted, Mapping):
            self._wrong(f"{where} must be a mapping of platforms to entitlements", name)
            return ()
        found: list[Grant] = []
        for kind, entitlements in granted.items():
            if self._is_kind(kind, f"{where}: ", name):
                each = entitlements if isinstance(entitlements, (list, tuple)) else [entitlements]
                for entitlement in each:
                    grant = self._grant(str(kind), entitlement, f"{where}: {kind}: ", f"profile {name}", name)
                    found += [grant] if grant else []
        if not found and not any(problem.word == name for problem in self._problems):
            self._wrong(f"{where} grants nothing; give it an entitlement or remove it", name)
        return tuple(found)

    def _is_kind(self, kind: Any, where: str, word: str) -> bool:
        if str(kind) in KINDS:
            return True
        name = unknown_names.first(kind)
        meant = checks.near(name, KINDS)
        self._wrong(f"{where}'{name}' is no platform, which are {', '.join(KINDS)}{meant}", word)
        return False

    def _grant(
        self, kind: str, entitlement: Any, where: str, source: str, word: str, until: dt.date | None = None
    ) -> Grant | None:
        if not isinstance(entitlement, Mapping):
            self._wrong(f"{where}an entitlement is a mapping of options", word)
            return None
        options = {str(name): value for name, value in entitlement.items() if name != "tenant"}
        tenants = entitlement.get("tenant") or ()
        named = (tenants,) if isinstance(tenants, str) else tenants
        if not isinstance(named, (list, tuple)) or not all(isinstance(name, str) for name in named):
            self._wrong(f"{where}tenant must be the name of a host, or a list of names", word)
            return None
        wrong = list(KINDS[kind].wrong(options))
        for text in wrong:
            self._wrong(f"{where}{text}", word)
        return None if wrong else Grant(kind, options, tuple(named), until, source)

    # --- people -----------------------------------------------------------------------------------------------------

    def _person(self, entry: Any, where: str, known: Mapping[str, tuple[Grant, ...]] | None) -> Person | None:
        if not isinstance(entry, Mapping):
            self._wrong(f"{where} is no mapping", "access_people")
            return None
        given = entry.get("email")
        if not isinstance(given, str) or not given.strip():
            self._wrong(
                f"{where}{_called(entry)} has no email, which is how a person is told from others", _word(entry)
            )
            return None
        before = len(self._problems)
        email = self._email(given, where)
        where = f"{where} ({given})"
        for odd in unknown_names.shown(name for name in entry if name not in PERSON):
            self._wrong(f"{where}: '{odd}' is nothing that a person has{checks.near(odd, PERSON)}", given)
        state = entry.get("state") or "present"
        if state not in STATES:
            self._wrong(f"{where}: state is '{state}', and has to be present or absent", given)
        start, end = (self._date(entry.get(name), f"{where}: {name}", given) for name in ("start_date", "end_date"))
        if start and end and end < start:
            self._wrong(f"{where}: end_date {end} is before start_date {start}", given)
        profiles = self._names(entry.get("profiles"), f"{where}: profiles", given)
        accounts = self._accounts(entry.get("accounts"), where, given)
        own = self._access(entry.get("access"), where, given)
        granted = self._of_profiles(profiles, known, where, given)
        if email is None or len(self._problems) > before:
            return None
        self._once(email, accounts, where, given)
        name = entry.get("name")
        return Person(
            email,
            None if name in (None, "") else str(name),
            state == "absent",
            start,
            end,
            profiles,
            accounts,
            (*granted, *own),
        )

    def _of_profiles(
        self, profiles: Iterable[str], known: Mapping[str, tuple[Grant, ...]] | None, where: str, word: str
    ) -> list[Grant]:
        found: list[Grant] = []
        for profile in profiles:
            if known is not None and profile not in known:
                meant = checks.near(profile, known)
                self._wrong(f"{where}: there is no profile '{profile}' in access_profiles{meant}", word)
            found += (known or {}).get(profile, ())
        return found

    def _names(self, value: Any, where: str, word: str) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)) or not all(isinstance(name, str) for name in value):
            self._wrong(f"{where} must be a list of names", word)
            return ()
        return tuple(dict.fromkeys(value))

    def _accounts(self, value: Any, where: str, word: str) -> dict[str, str]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self._wrong(f"{where}: accounts must be a mapping of platforms to names", word)
            return {}
        found = {}
        for platform, name in value.items():
            if platform not in PLATFORMS:
                odd = unknown_names.first(platform)
                meant = checks.near(odd, PLATFORMS)
                self._wrong(f"{where}: accounts: '{odd}' is none of {', '.join(PLATFORMS)}{meant}", word)
            elif name not in (None, ""):
                found[str(platform)] = str(name)
        return found

    def _access(self, value: Any, where: str, word: str) -> list[Grant]:
        if value is None:
            return []
        if not isinstance(value, (list, tuple)):
            self._wrong(f"{where}: access must be a list of entitlements, each with its platform", word)
            return []
        found = []
        for place, entry in enumerate(value, start=1):
            here = f"{where}: access, entry {place}: "
            if not isinstance(entry, Mapping) or "platform" not in entry:
                self._wrong(f"{here}it is no mapping with a platform", word)
            elif self._is_kind(entry["platform"], here, word):
                until = self._date(entry.get("until"), f"{here}until", word)
                options = {name: item for name, item in entry.items() if name not in ("platform", "until")}
                grant = self._grant(str(entry["platform"]), options, here, f"access of {word.lower()}", word, until)
                found += [grant] if grant else []
        return found

    def _once(self, email: str, accounts: Mapping[str, str], where: str, word: str) -> None:
        # The e-mail too where there is another name: it stays this person's.
        names = {("", email)}
        names |= {(platform, folded(name)) for platform in PLATFORMS for name in (email, accounts.get(platform, email))}
        for platform, name in sorted(names):
            other = self._seen.setdefault((platform, name), where)
            if other != where:
                on = f" on {platform}" if platform else ""
                self._wrong(f"{where} is called '{name}'{on}, as is {other.removeprefix('access_people: ')}", word)
                return


def _called(entry: Mapping[str, Any]) -> str:
    return f" ({entry['name']})" if isinstance(entry.get("name"), str) else ""


def _word(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or "access_people")
