# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles, proposed from what several people have alike. Pure.

People who have exactly the same on all tenants of a platform share a profile of that platform; what only one person has
is that person's own access.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

_LONGEST = 60


@dataclass(frozen=True)
class Grant:
    """One entitlement on one or more tenants."""

    # As access_profiles names it: devo_users.
    kind: str
    platform: str
    # The host; several, joined by "\n", once equal ones are joined.
    host: str
    told: Mapping[str, Any]
    # Comments of the entry that it was.
    notes: tuple[str, ...] = ()
    # Whether it is one person's, even where others have the same.
    is_own: bool = False

    @property
    def hosts(self) -> list[str]:
        """Every tenant that it holds for."""
        return self.host.split("\n")

    def options(self, alone: Collection[str]) -> dict[str, Any]:
        """As it is declared. ``alone``: platforms of which there is one tenant, which need not be named."""
        hosts = self.hosts
        tenant: dict[str, Any] = {"tenant": hosts[0] if len(hosts) == 1 else hosts}
        return {**({} if self.platform in alone else tenant), **self.told}

    def content(self) -> str:
        """The same for the same entitlement, whatever the tenant."""
        return json.dumps([self.kind, self.told], sort_keys=True)

    def order(self) -> tuple[str, ...]:
        """A key to sort by."""
        return self.kind, str(self.told.get("name") or self.told.get("company") or ""), self.host, self.content()


@dataclass(frozen=True)
class Proposal:
    """By e-mail: the profiles of each person, and what is left; by name: what each profile grants."""

    profiles: dict[str, list[Grant]]
    of: dict[str, list[str]]
    left: dict[str, list[Grant]]


def propose(grants: Mapping[str, Sequence[Grant]]) -> Proposal:
    """``grants``: what people have, by e-mail."""
    groups: dict[str, list[str]] = {}
    sets: dict[str, list[Grant]] = {}
    for email, given in sorted(grants.items()):
        for kind in sorted({grant.kind for grant in given}):
            alike = sorted(joined(grant for grant in given if grant.kind == kind), key=Grant.order)
            content = json.dumps([[grant.host, grant.content()] for grant in alike])
            groups.setdefault(content, []).append(email)
            sets[content] = alike
    shared = {content: sets[content] for content, emails in groups.items() if len(emails) > 1}
    names = _names(shared)
    proposal = Proposal({}, {email: [] for email in grants}, {email: [] for email in grants})
    for content in sorted(shared, key=lambda content: names[content]):
        proposal.profiles[names[content]] = shared[content]
    for content, emails in groups.items():
        for email in emails:
            if content in names:
                proposal.of[email].append(names[content])
            else:
                proposal.left[email] += sets[content]
    return proposal


def joined(grants: Iterable[Grant]) -> list[Grant]:
    """The same entitlement on several tenants as one."""
    found: dict[tuple[str, tuple[str, ...]], Grant] = {}
    for grant in sorted(grants, key=Grant.order):
        key = grant.content(), grant.notes
        other = found.get(key)
        found[key] = grant if other is None else replace(other, host=f"{other.host}\n{grant.host}")
    return list(found.values())


# --- names ----------------------------------------------------------------------------------------------------------


def _names(sets: Mapping[str, Sequence[Grant]]) -> dict[str, str]:
    """A readable name for each set, which depends on nothing but the sets."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for content, grants in sorted(sets.items()):
        words = [grants[0].platform, *(word for grant in grants for word in _words(grant))]
        hosts = [host for grant in grants for host in grant.hosts]
        candidates = [_slug(words), _slug([*words, *hosts])]
        number = 2
        name = next((each for each in candidates if each not in taken), "")
        while not name or name in taken:
            name = f"{candidates[0]}-{number}"
            number += 1
        taken.add(name)
        names[content] = name
    return names


def _words(grant: Grant) -> list[str]:
    """What tells an entitlement from others, for people."""
    told = grant.told
    texts = [
        str(told[name]) for name in ("company", "name", "subscription_id", "privilege", "profile") if told.get(name)
    ]
    for name, none in (("roles", "no-role"), ("clients", "no-client")):
        if name in told:
            texts += [str(item) for item in told[name]] or [none]
    return [*texts, *(["disabled"] if told.get("enabled") is False else [])]


def _slug(words: Iterable[str]) -> str:
    """Words in small letters and digits with hyphens, none of them twice."""
    parts = []
    for word in words:
        ascii_word = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
        part = re.sub(r"[^a-z0-9]+", "-", ascii_word).strip("-")
        if part and part not in parts:
            parts.append(part)
    slug = ""
    for part in parts:
        if slug and len(slug) + 1 + len(part) > _LONGEST:
            break
        slug = f"{slug}-{part}" if slug else part[:_LONGEST]
    return slug
