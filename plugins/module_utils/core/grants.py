# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets what by declaration: one line for each person and object, for those who review it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Resource

# Options that name a person, the most telling first.
_PERSON = ("email", "username", "user", "owner")
_PEOPLE = "users"
_NOBODY = "(nobody by name)"


def grants(resource: Resource, declared: Iterable[Declared]) -> list[dict[str, Any]]:
    """``{who, kind, key, state, what}`` for each declared object, and for each person who is put into one."""
    return [
        {"who": who, "kind": resource.singular, "key": entry.key, "state": entry.state, "what": _what(resource, entry)}
        for entry in declared
        for who in _people(entry)
    ]


def _people(entry: Declared) -> Sequence[str]:
    if entry[_PEOPLE]:
        return [folded(str(person)) for person in entry[_PEOPLE]]
    for name in _PERSON:
        if entry[name]:
            return [folded(str(entry[name]))]
    return [_NOBODY]


def _what(resource: Resource, entry: Declared) -> str:
    if entry.absent:
        return ""
    shown = [
        f"{field.name} {text(entry[field.name])}"
        for field in resource.fields
        if entry[field.name] is not None
        and not field.secret
        and field.name not in (*resource.identity, *_PERSON, _PEOPLE)
    ]
    return "; ".join(shown)


def text(value: Any) -> str:
    """A declared value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value) or "none"
    return str(value) if value != "" else "(empty)"


def grant_lines(tenants: Iterable[Mapping[str, Any]]) -> list[str]:
    """The grants of all tenants by person. ``tenants``: ``{tenant, platform, grants, errors}``."""
    by_person: dict[str, list[str]] = {}
    wrong: list[str] = []
    objects: set[tuple[str, str, str]] = set()
    count = 0
    for tenant in tenants:
        count += 1
        where = f"{tenant['tenant']} ({tenant['platform']})"
        wrong += [f"  {where}: {error}" for error in tenant["errors"]]
        for grant in tenant["grants"]:
            objects.add((tenant["tenant"], grant["kind"], grant["key"]))
            by_person.setdefault(grant["who"], []).append(_line(where, grant))
    people = sum(1 for who in by_person if not _is_nobody(who))
    lines = [f"Who gets what: people: {people}, declared objects: {len(objects)}, tenants: {count}"]
    for who, granted in sorted(by_person.items(), key=lambda item: (_is_nobody(item[0]), item[0])):
        lines += ["", who, *sorted(granted)]
    if wrong:
        lines += ["", f"WRONG, to be corrected: {len(wrong)}", *wrong]
    return lines


def _is_nobody(who: str) -> bool:
    """Whether it stands where no person is named: such come last, and are not counted."""
    return who.startswith("(")


def _line(where: str, grant: Mapping[str, Any]) -> str:
    name = grant["kind"] if grant["key"] == grant["who"] else f"{grant['kind']} {grant['key']}"
    what = "declared absent" if grant["state"] == "absent" else grant["what"]
    return f"  {where}: {name}" + (f" - {what}" if what else "")
