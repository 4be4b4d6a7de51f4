# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be granted to people, kind by kind: what names an object, and what of it the person fills in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.dataops.access.plugins.module_utils.core import checks, names, unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT
from ansible_collections.dataops.access.plugins.plugin_utils import platforms

# Stands in texts of an entitlement for the person's e-mail: in names of tokens and of files, which no two people share.
EMAIL = "{email}"


class Named(Protocol):
    """Somebody who has a lower-cased e-mail, and perhaps other names on some platforms."""

    @property
    def email(self) -> str:
        """Lower-cased."""

    @property
    def accounts(self) -> Mapping[str, str]:
        """Other names, by platform."""


@dataclass(frozen=True)
class Kind:
    """One list of a role, and what a grant of one of its entries is made of."""

    # As the filter takes it.
    name: str
    # The platform of a tenant that has it, and the role's variable.
    platform: str
    variable: str
    # Every option of an entry; those among them that make one list of two.
    options: tuple[str, ...]
    lists: tuple[str, ...]
    # The option that the person fills in.
    person: str = "email"
    # Options of an entitlement that name the object besides the person: one of them is needed.
    names: tuple[str, ...] = ()
    # Whether an object can stay and be of no use; whether a declaration can take it away.
    can_disable: bool = False
    can_remove: bool = True
    # Whether its name is one person's alone.
    personal: bool = True
    secrets: tuple[str, ...] = ()
    # Values of a list that no other may stand beside; "" stands for the empty list.
    alone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def derived(self) -> tuple[str, ...]:
        """Options that follow from the person."""
        return (self.person, "state", "only_existing")

    def wrong(self, options: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with an entitlement."""
        for name in options:
            if name in self.derived:
                yield f"{name} follows from the person, and is no part of an entitlement"
            elif name in self.secrets:
                yield f"{name} would be the same for everybody who is granted it; use {name}_file with {EMAIL} in it"
        known = [option for option in self.options if option not in self.derived]
        for name in unknown_names.shown(name for name in options if name not in {*self.options, *self.derived}):
            yield f"'{name}' is no option of it, which are {', '.join(known)}{checks.near(name, known)}"
        if self.names and not any(options.get(name) for name in self.names):
            yield f"{' or '.join(self.names)} is missing"
        for name in self.lists:
            if options.get(name) is not None and not isinstance(options[name], (list, tuple)):
                yield f"{name} must be a list"

    def knows(self, person: Named) -> bool:
        """Whether it is declared what the person is called there."""
        return True

    def account(self, person: Named) -> str:
        """What the person is called there."""
        return person.accounts.get(self.platform, person.email)

    def entry(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        """The role's entry that gives this to the person."""
        return {**self._told(person, options), self.person: self.account(person)}

    def _told(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: _filled(value, person.email) for name, value in options.items()}
        return {name: united(value) if name in self.lists and value else value for name, value in told.items()}

    def removal(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        """The role's entry that takes it away."""
        entry = self.entry(person, options)
        return {**{name: entry[name] for name in (*self.names, self.person)}, "state": ABSENT}

    def key(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """What two entries of the same object have in common, whatever the case."""
        return tuple(folded(entry.get(name) or "") for name in (*self.names, self.person))


class Subscriptions(Kind):
    """Named, or known by their ids; people are members of them."""

    def entry(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        """The subscription with the person in it."""
        return {**self._told(person, options), self.person: [self.account(person)]}

    def key(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """The name; the id where there is none."""
        return _named_or_known(entry, *self.names)


class Tokens(Kind):
    """Named, or known by their ids; a person uses them."""

    def removal(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        """By what names it alone: whose it is needs no saying."""
        entry = self.entry(person, options)
        return {**{name: entry[name] for name in self.names if entry.get(name)}, "state": ABSENT}

    def key(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """The name; the id where there is none."""
        return _named_or_known(entry, *self.names)


class Clients(Kind):
    """What a user sees of a platform that can only be read. Its users are known by ids, which nothing else tells."""

    @property
    def derived(self) -> tuple[str, ...]:
        """The e-mail too."""
        return ("email", *super().derived)

    def wrong(self, options: Mapping[str, Any]) -> Iterator[str]:
        """What they are expected to see has to be said, and be it nothing."""
        yield from super().wrong(options)
        if options.get("clients") is None:
            yield "clients is missing"

    def knows(self, person: Named) -> bool:
        """Only ``accounts`` can tell an id."""
        return self.platform in person.accounts

    def entry(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        """Without the id where ``accounts`` does not say it: then nothing can be read, and what is there is unknown."""
        known = {self.person: self.account(person)} if self.knows(person) else {}
        return {**self._told(person, options), **known, "email": person.email}

    def removal(self, person: Named, options: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing is expected any more."""
        return self.entry(person, {name: [] for name in self.lists})

    def key(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """The id; the e-mail where there is none."""
        return _named_or_known(entry, self.person, "email")


def _named_or_known(entry: Mapping[str, Any], first: str, second: str) -> tuple[str, ...]:
    name = first if entry.get(first) else second
    return (name, folded(entry.get(name) or ""))


def folded(value: Any) -> str:
    """A name as names are compared here."""
    return names.folded(str(value).strip())


def united(*lists: Iterable[Any]) -> list[Any]:
    """All items without repetition, in an order that does not depend on which list came first."""
    return sorted(dict.fromkeys(item for each in lists for item in each), key=lambda item: (folded(item), str(item)))


def _filled(value: Any, email: str) -> Any:
    if isinstance(value, str):
        return value.replace(EMAIL, email) if EMAIL in value else value
    if isinstance(value, (list, tuple)):
        return [_filled(item, email) for item in value]
    return value


def _kind(name: str, platform: str, kind: str, made: type[Kind] = Kind, **more: Any) -> Kind:
    variable, service = platforms.VARIABLES[platform, kind]
    options = [option for option in service.resource.options if not option.top]
    lists = tuple(option.name for option in options if option.type == "list")
    secrets = tuple(option.name for option in options if option.secret)
    names = (*(option.name for option in options), "state")
    return made(name, platform, variable, names, lists, secrets=secrets, **more)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("dbsync", "dbsync", "license_user", person="username", names=("company",)),
        _kind(
            "alteryx",
            "alteryx",
            "subscription",
            Subscriptions,
            person="users",
            names=("name", "subscription_id"),
            can_remove=False,
            personal=False,
        ),
        Clients("dqm", "dqm", "dqm_expected_users", ("user_id", "email", "clients"), ("clients",), person="user_id"),
        # No role at all means no restriction at all.
        _kind("datasentinel", "datasentinel", "user", alone={"roles": ("",)}),
        _kind("devo_users", "devo", "user", can_disable=True, alone={"roles": ("OWNER", "ADMIN")}),
        _kind(
            "devo_tokens",
            "devo",
            "token",
            Tokens,
            person="user",
            names=("name", "token_id"),
            can_disable=True,
            personal=False,
        ),
    )
}
PLATFORMS = tuple(dict.fromkeys(kind.platform for kind in KINDS.values()))


def of_platform(platform: str) -> list[Kind]:
    """The kinds that a tenant of a platform has."""
    return [kind for kind in KINDS.values() if kind.platform == platform]
