# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of one role's list, each put together from everybody who says something of the object. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT, PRESENT
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import Kind, folded, united


@dataclass(frozen=True)
class Part:
    """What one source says of one object. ``source``: "profile finance", "datasentinel_users"."""

    options: Mapping[str, Any]
    source: str
    # For messages: whom it is about.
    whom: str = ""


@dataclass
class Entry:
    """One object, as all of its sources together declare it."""

    options: dict[str, Any]
    # By option: who said it first.
    said: dict[str, Part] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)


def merge(kind: Kind, parts: Iterable[Part], entries: dict[tuple[str, ...], Entry]) -> list[str]:
    """Add parts to the entries of their objects; what they contradict each other in, one sentence each.

    Lists become one list of what either has; any other option has to be said alike.
    """
    wrong = []
    for part in parts:
        key = kind.key(part.options)
        entry = entries.get(key)
        if entry is None:
            entries[key] = Entry(dict(part.options), dict.fromkeys(part.options, part), [part])
        else:
            wrong += _add(kind, entry, part)
            entry.parts.append(part)
    return list(dict.fromkeys(wrong))


def _add(kind: Kind, entry: Entry, part: Part) -> list[str]:
    wrong = []
    identity = {kind.person, *kind.names} - set(kind.lists)
    states = entry.options.get("state") or PRESENT, part.options.get("state") or PRESENT
    if states[0] != states[1]:
        other = next((each for each in entry.parts if (each.options.get("state") or PRESENT) == states[0]), part)
        return [_contradiction(kind, entry, part, "state", states[0], states[1], other)]
    if states[1] == ABSENT:
        return []
    for option, value in part.options.items():
        if value is None or (option in identity and folded(entry.options.get(option)) == folded(value)):
            continue
        said = entry.options.get(option)
        if said is None:
            entry.options[option], entry.said[option] = value, part
        elif option in kind.lists:
            if _excluded(kind.alone.get(option, ()), said, value):
                wrong.append(_contradiction(kind, entry, part, option, said, value))
            entry.options[option] = united(said, value)
        elif said != value:
            wrong.append(_contradiction(kind, entry, part, option, said, value))
    return wrong


def _excluded(alone: Iterable[str], first: Iterable[Any], second: Iterable[Any]) -> bool:
    one, other = set(map(str, first)), set(map(str, second))
    return one != other and any((not one or not other) if value == "" else value in one | other for value in alone)


def _contradiction(
    kind: Kind, entry: Entry, part: Part, option: str, first: Any, second: Any, other: Part | None = None
) -> str:
    said = other or entry.said.get(option) or entry.parts[0]
    name = "/".join(str(entry.options[name]) for name in (*kind.names, kind.person) if _is_name(entry.options, name))
    one, two = sorted([(_source(said), _told(first)), (_source(part), _told(second))])
    return (
        f"{kind.name}: {name or 'an entry'}: {one[0]} says {option} {one[1]}, and {two[0]} says {two[1]}; "
        "let one of them say it"
    )


def _is_name(options: Mapping[str, Any], name: str) -> bool:
    return isinstance(options.get(name), str)


def _source(part: Part) -> str:
    return f"{part.source} ({part.whom})" if part.whom and part.whom not in part.source else part.source


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(str, value))}]"
    return f"'{value}'"
