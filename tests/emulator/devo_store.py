# SPDX-License-Identifier: GPL-3.0-or-later
"""What Devo holds: domains with their roles, users and tokens, and the people who are users somewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .names import folded
from .platform import Clock
from .state import NEEDED, filled, iso, seconds

Json = dict[str, Any]
BASIC_ROLES = ("ADMIN", "NO_PRIVILEGES")
# of a state file
PERSON: Json = {
    "email": NEEDED,
    "user_name": None,
    "phone": None,
    "id": None,
    "activated": True,
    "external_id": None,
}
DOMAIN: Json = {
    "name": NEEDED,
    "account": None,
    "api_key": NEEDED,
    "api_secret": NEEDED,
    "roles": [],
    "users": [],
    "tokens": [],
}
USER: Json = {"email": NEEDED, "roles": NEEDED, "owner": False, "status": "active"}
TOKEN: Json = {
    "id": None,
    "name": NEEDED,
    "audience": "apiv2",
    "scopes": "default",
    "owner": "",
    "user": "",
    "created": None,
    "updated": None,
    "expires_in_seconds": 86400,
    "active": True,
    "token": None,
}


@dataclass
class Token:
    """A credential of an account. Times are seconds since the epoch; a life of -1 is permanent."""

    id: int
    name: str
    audience: str
    scopes: str
    owner: str
    user: str
    created: float
    updated: float
    life: int
    active: bool
    value: str

    @property
    def expires(self) -> float | None:
        return None if self.life < 0 else self.created + self.life

    def expired(self, now: float) -> bool:
        return self.expires is not None and self.expires <= now

    def usable(self, now: float) -> bool:
        return self.active and not self.expired(now)


@dataclass
class Person:
    """An account at Devo, in however many domains."""

    id: str
    email: str
    user_name: str
    phone: str | None
    activated: bool
    external_id: str | None = None


@dataclass
class Member:
    """A person in one domain. status: pending, active or disabled."""

    person: Person
    roles: list[str]
    owner: bool
    status: str


@dataclass
class Domain:
    """A domain, which is an account of the token API as well."""

    name: str
    account: str
    reseller: str
    api_key: str
    api_secret: str
    roles: list[str] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)  # by lower-cased e-mail
    tokens: dict[int, Token] = field(default_factory=dict)

    @property
    def owner(self) -> Member | None:
        return next((member for member in self.members.values() if member.owner), None)


class Store:
    def __init__(self, state: Json, clock: Clock) -> None:
        self.clock = clock
        self.last_id = 0
        self.people: dict[str, Person] = {}  # by lower-cased e-mail
        self.domains: dict[str, Domain] = {}
        self.resellers: list[Json] = state["resellers"]
        self.bearers: dict[str, tuple[Domain, Token]] = {}
        self.secrets: set[str] = set()  # the values of all tokens there ever were
        for each in state["people"]:
            self.person(each)
        for each in state["domains"]:
            self.domain(each)
        self.accounts = {domain.account: domain for domain in self.domains.values()}

    def person(self, given: Json) -> Person:
        """Add a person. Without an id one is made of the e-mail, the same in every run."""
        spec = filled("devo person", given, PERSON)
        key = folded(spec["email"])
        made = hashlib.sha256(key.encode()).hexdigest()[:24]
        name = spec["user_name"] or key.partition("@")[0]
        person = Person(spec["id"] or made, spec["email"], name, spec["phone"], spec["activated"], spec["external_id"])
        self.people[key] = person
        return person

    def domain(self, given: Json) -> None:
        spec = filled("devo domain", given, DOMAIN)
        account, _ignored, reseller = spec["name"].partition("@")
        domain = Domain(spec["name"], spec["account"] or account, reseller, spec["api_key"], spec["api_secret"])
        domain.roles = list(dict.fromkeys([*BASIC_ROLES, *spec["roles"]]))
        for each in spec["users"]:
            user = filled("devo user", each, USER)
            key = folded(user["email"])
            person = self.people.get(key) or self.person({"email": user["email"]})
            domain.members[key] = Member(person, user["roles"], user["owner"], user["status"])
        for token in spec["tokens"]:
            self.token(domain, token)
        self.domains[domain.name] = domain

    def token(self, domain: Domain, given: Json) -> Token:
        """Add a token to an account."""
        spec = filled("devo token", given, TOKEN)
        number = self.last_id + 1 if spec["id"] is None else spec["id"]
        self.last_id = max(number, self.last_id)
        created = seconds(spec["created"], self.clock.now())
        token = Token(
            number,
            spec["name"],
            spec["audience"],
            spec["scopes"],
            spec["owner"] or spec["user"],
            spec["user"] or spec["owner"],
            created,
            seconds(spec["updated"], created),
            spec["expires_in_seconds"],
            spec["active"],
            spec["token"] or hashlib.sha256(f"emulated token {number}".encode()).hexdigest()[:32],  # as long as Devo's
        )
        domain.tokens[number] = token
        self.bearers[token.value] = domain, token
        self.secrets.add(token.value)
        return token

    def drop_token(self, domain: Domain, token: Token) -> None:
        del domain.tokens[token.id], self.bearers[token.value]

    def drop_member(self, domain: Domain, member: Member) -> None:
        """Remove a user from a domain, and the person where that was the last one."""
        key = folded(member.person.email)
        del domain.members[key]
        if not any(key in each.members for each in self.domains.values()):
            del self.people[key]

    def dump(self) -> Json:
        return {
            "people": [
                {
                    "email": person.email,
                    "user_name": person.user_name,
                    "phone": person.phone,
                    "id": person.id,
                    "activated": person.activated,
                    "external_id": person.external_id,
                }
                for person in self.people.values()
            ],
            "resellers": self.resellers,
            "domains": [
                {
                    "name": domain.name,
                    "account": domain.account,
                    "api_key": domain.api_key,
                    "api_secret": domain.api_secret,
                    "roles": domain.roles,
                    "users": [
                        {
                            "email": member.person.email,
                            "roles": member.roles,
                            "owner": member.owner,
                            "status": member.status,
                        }
                        for member in domain.members.values()
                    ],
                    "tokens": [*dump_tokens(domain)],
                }
                for domain in self.domains.values()
            ],
        }


def dump_tokens(domain: Domain) -> Iterator[Json]:
    for token in domain.tokens.values():
        yield {
            "id": token.id,
            "name": token.name,
            "audience": token.audience,
            "scopes": token.scopes,
            "owner": token.owner,
            "user": token.user,
            "created": iso(token.created),
            "updated": iso(token.updated),
            "expires_in_seconds": token.life,
            "active": token.active,
            "token": token.value,
        }
