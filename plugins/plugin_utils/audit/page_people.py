# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's matrix: who has what where, people joined over all platforms by lower-cased e-mail. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded

# With more tenants than this a column is a platform, and each entry names its tenant.
MOST_COLUMNS = 8


@dataclass(frozen=True)
class Mark:
    """A word beside an account; ``name`` is its class in the style sheet."""

    name: str
    word: str


@dataclass(frozen=True)
class Entry:
    """One account as a cell shows it; ``tenant`` is empty where the column says it, ``what`` where the row does."""

    tenant: str
    what: str
    entitlements: list[str]
    marks: list[Mark]


@dataclass(frozen=True)
class Column:
    """A tenant with its platform, or a platform (``tenant`` is empty); ``unread``: an empty cell proves nothing."""

    tenant: str
    platform: str
    unread: bool


@dataclass(frozen=True)
class Person:
    """One row; ``cells`` go with the columns, ``findings`` is the number of open ones about the person."""

    name: str
    cells: list[list[Entry]]
    findings: int


@dataclass(frozen=True)
class Matrix:
    """``nobody``: what exists and is used by nobody who is known, as (tenant, platform, entry)."""

    columns: list[Column]
    rows: list[Person]
    nobody: list[tuple[str, str, Entry]]


def objects(record: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any]]]:
    """Everything that exists, as (tenant, kind, object)."""
    for tenant in record["tenants"]:
        for kind in tenant["kinds"]:
            for existing in kind["existing"]:
                yield tenant, kind["kind"], existing


def view(record: Mapping[str, Any], findings: Mapping[str, int]) -> Matrix:
    """``findings``: how many open ones there are about each person."""
    by_tenant = len(record["tenants"]) <= MOST_COLUMNS
    columns = _columns(record, by_tenant)
    places = {(column.platform, column.tenant): place for place, column in enumerate(columns)}
    people: dict[str, list[list[Entry]]] = {}
    nobody = []
    for tenant, kind, existing in objects(record):
        platform, host = tenant["platform"], tenant["tenant"]
        place = places[platform, host if by_tenant else ""]
        names = sorted({folded(name) for name in existing["people"]})
        for name in names:
            cells = people.setdefault(name, [[] for _column in columns])
            cells[place].append(_entry("" if by_tenant else host, kind, existing, name))
        if not names:
            nobody.append((host, platform, _entry("", kind, existing, "")))
    rows = [Person(name, people[name], findings.get(name, 0)) for name in sorted(people)]
    return Matrix(columns, rows, nobody)


def _columns(record: Mapping[str, Any], by_tenant: bool) -> list[Column]:
    if by_tenant:
        return [Column(tenant["tenant"], tenant["platform"], _unread(tenant)) for tenant in record["tenants"]]
    unread: dict[str, bool] = {}
    for tenant in record["tenants"]:
        unread[tenant["platform"]] = unread.get(tenant["platform"], False) or _unread(tenant)
    return [Column("", platform, unread[platform]) for platform in sorted(unread)]


def _unread(tenant: Mapping[str, Any]) -> bool:
    return not tenant["kinds"] or not all(kind["complete"] for kind in tenant["kinds"])


def _entry(tenant: str, kind: str, existing: Mapping[str, Any], person: str) -> Entry:
    key = existing["key"]
    # The row names "Acme/ana@example.com" already, and "subscription Finance" says all about that subscription.
    known = folded(key).rsplit("/", 1)[-1] == person or f"{kind} {key}" in existing["entitlements"]
    return Entry(tenant, "" if known and person else f"{kind} {key}", list(existing["entitlements"]), marks(existing))


_DECLARED = {
    "present": Mark("declared", "declared"),
    "absent": Mark("bad", "declared absent"),
    None: Mark("bad", "not declared"),
}


def marks(existing: Mapping[str, Any]) -> list[Mark]:
    """What a reviewer should see at a glance, in words."""
    found = [_DECLARED[existing["declared"]]]
    if existing["administrator"]:
        found.append(Mark("admin", "administrator"))
    if existing["unrestricted"]:
        found.append(Mark("admin", "unrestricted"))
    if existing["wide"]:
        found.append(Mark("admin", "wide scope"))
    if existing["enabled"] is False:
        found.append(Mark("off", "disabled"))
    if existing["permanent"]:
        found.append(Mark("note", "never expires"))
    if existing["protected"]:
        found.append(Mark("note", f"protected: {existing['protected']}"))
    return found
