# SPDX-License-Identifier: GPL-3.0-or-later
"""What Devo holds: domains with their roles, users and tokens, and the people who are users somewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

Json = dict[str, Any]
BASIC_ROLES = ("ADMIN", "NO_PRIVILEGES")


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
    def __init__(self, state: Json, now: float) -> None:
        self.now = now
        self.last_id = 0
        self.people: dict[str, Person] = {}  # by lower-cased e-mail
        self.domains: dict[str, Domain] = {}
        self.resellers: list[Json] = state["resellers"]
        self.bearers: dict[str, tuple[Domain, Token]] = {}
        for each in state["people"]:
            self.person(**each)
        for each in state["domains"]:
            self.domain(**each)
        self.accounts = {domain.account: domain for domain in self.domains.values()}

    def person(
        self,
        email: str,
        userName: str = "",
        phone: str | None = None,
        id: str | None = None,
        activated: bool = True,
        externalId: str | None = None,
    ) -> Person:
        """Add a person. Without an id one is made of the e-mail, the same in every run."""
        made = hashlib.sha256(email.lower().encode()).hexdigest()[:24]
        person = Person(id or made, email, userName or email.partition("@")[0], phone, activated, externalId)
        self.people[email.lower()] = person
        return person

    def domain(
        self,
        name: str,
        api_key: str,
        api_secret: str,
        account: str | None = None,
        roles: list[str] | None = None,
        users: list[Json] | None = None,
        tokens: list[Json] | None = None,
    ) -> None:
        reseller = name.partition("@")[2]
        domain = Domain(name, account or name.partition("@")[0], reseller, api_key, api_secret)
        domain.roles = list(dict.fromkeys([*BASIC_ROLES, *(roles or ())]))
        for user in users or ():
            email = user["email"]
            person = self.people.get(email.lower()) or self.person(email)
            owner, status = user.get("owner", False), user.get("status", "active")
            domain.members[email.lower()] = Member(person, list(user["roles"]), owner, status)
        for token in tokens or ():
            self.token(domain, **token)
        self.domains[name] = domain

    def token(
        self,
        domain: Domain,
        name: str,
        audience: str = "apiv2",
        scopes: str = "default",
        user: str = "",
        owner: str | None = None,
        id: int | None = None,
        created: str | date | None = None,
        updated: str | date | None = None,
        expires_in_seconds: int = 86400,
        active: bool = True,
        token: str | None = None,
    ) -> Token:
        """Add a token to an account."""
        self.last_id = max(self.last_id + 1 if id is None else id, self.last_id)
        number = self.last_id if id is None else id
        made = at(created, self.now)
        value = token or f"fa4e{number:028x}"  # 32 hexadecimal characters, as Devo's are
        record = Token(
            number,
            name,
            audience,
            scopes,
            owner or user,
            user or owner or "",
            made,
            at(updated, made),
            expires_in_seconds,
            active,
            value,
        )
        domain.tokens[number] = record
        self.bearers[value] = domain, record
        return record

    def drop_token(self, domain: Domain, token: Token) -> None:
        del domain.tokens[token.id], self.bearers[token.value]

    def drop_member(self, domain: Domain, member: Member) -> None:
        """Remove a user from a domain, and the person where that was the last one."""
        key = member.person.email.lower()
        del domain.members[key]
        if not any(key in each.members for each in self.domains.values()):
            del self.people[key]

    def dump(self) -> Json:
        return {
            "people": [
                {
                    "email": person.email,
                    "userName": person.user_name,
                    "phone": person.phone,
                    "id": person.id,
                    "activated": person.activated,
                    "externalId": person.external_id,
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


def at(text: str | date | None, default: float) -> float:
    """Seconds since the epoch of an ISO 8601 date or time (UTC where it has no zone), as JSON or YAML gives it."""
    if text is None:
        return default
    moment = datetime.fromisoformat(str(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()
