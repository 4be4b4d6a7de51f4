# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of what somebody was to be granted: what a role's result does not show is not granted. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.apply import APPLIED, PLANNED
from ansible_collections.dataops.access.plugins.module_utils.core.render import safe
from ansible_collections.dataops.access.plugins.module_utils.core.resource import PRESENT
from ansible_collections.dataops.access.plugins.module_utils.core.service import CREATE, DELETE, Service
from ansible_collections.dataops.access.plugins.plugin_utils import declared, platforms
from ansible_collections.dataops.access.plugins.plugin_utils.people.outcome import GRANTED, MANUAL, OPEN, Outcome

# What a change gives to an object that was of no use: an account, a licence.
_USABLE = frozenset(("enabled", "active"))


def granted(
    platform: str,
    told: Mapping[str, Sequence[Mapping[str, Any]]],
    results: Sequence[Mapping[str, Any]],
    error: str | None,
    get: Callable[[str], Any],
    check_mode: bool = False,
) -> list[Outcome]:
    """What became of it. ``told``: the planned entries, by role variable.

    ``results``: ``{kind, result}`` of the role, with ``existing``; ``get``: a variable of the host, None where it is
    undefined.
    """
    if platform == "dqm":
        return [_by_hand(entry) for entries in told.values() for entry in entries]
    kinds = {variable: kind for kind, variable in platforms.variables(platform).items()}
    found: list[Outcome] = []
    for variable, entries in told.items():
        kind = kinds[variable]
        read = [part["result"] for part in results if part["kind"] == kind]
        result: Mapping[str, Any] = read[0] if read else {"msg": error or "it was not reached"}
        if "changes" in result:
            names = _Names.of(platform, kind, get)
            found += _shown(_Part(kind, variable, result, check_mode), entries, names)
        else:
            found.append(Outcome(kind, "", OPEN, str(result.get("msg") or "it failed without a message")))
    return found


def _by_hand(entry: Mapping[str, Any]) -> Outcome:
    clients = ", ".join(map(str, entry.get("clients") or ())) or "none"
    return Outcome("user", str(entry["email"]), MANUAL, f"give it the clients {clients} in its user interface")


@dataclass(frozen=True)
class _Names:
    """How the module that takes a list names its objects."""

    service: Service

    @classmethod
    def of(cls, platform: str, kind: str, get: Callable[[str], Any]) -> _Names:
        service = platforms.VARIABLES[platform, kind][1]
        scope = {
            option.name: str(get(f"{platform}_{option.name}")) for option in service.resource.options if option.top
        }
        return cls(declared.offline(service, scope))

    def told(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Key and match of a planned entry, as they stand in a result."""
        named = {name: value for name, value in entry.items() if isinstance(value, (str, int))}
        return self.identify(safe(named, json.dumps(named)))

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """Key and match of what these options name; an id may be written as a number."""
        return self.service.identify({name: "" if value is None else str(value) for name, value in options.items()})

    def means(self, match: str, item: Mapping[str, Any]) -> bool:
        """Whether what exists is what was told: by the options that name it, or by its name where those are an id."""
        if match == self.identify(item["identity"])[1]:
            return True
        return "name" in self.service.resource.identity and match == self.identify({"name": item["key"]})[1]


@dataclass(frozen=True)
class _Part:
    """The result of one kind."""

    kind: str
    variable: str
    result: Mapping[str, Any]
    check_mode: bool

    def undone(self) -> dict[str, str]:
        """What was to be written and was not, by key, with the reason."""
        # Of a refused plan nothing is written, and would not be.
        would_be = self.check_mode and not self.result.get("failed")
        fine = PLANNED if would_be else APPLIED
        return {
            change["key"]: str(
                (change.get("error") or {}).get("msg") or self.result.get("msg") or "it could not be written"
            )
            for change in self.result["changes"]
            if change["status"] != fine
        }

    def written(self) -> set[str]:
        """The keys of all others, as far as something is there now."""
        keys = {change["key"] for change in self.result["changes"] if change["action"] != DELETE}
        return keys - set(self.undone())

    def disabled(self, items: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> bool:
        """Whether what exists is of no use, and stays so."""
        # What check mode read is what was there before.
        would_be = self.check_mode and any(
            change["key"] in keys and (change["action"] == CREATE or not _USABLE.isdisjoint(change["fields"]))
            for change in self.result["changes"]
        )
        return not would_be and any(item["enabled"] is False for item in items if item["declared"] == PRESENT)


def _shown(part: _Part, entries: Sequence[Mapping[str, Any]], names: _Names) -> Iterator[Outcome]:
    undone, written = part.undone(), part.written()
    rest = dict(undone)
    fine: list[str] = []
    is_open = False
    for entry in entries:
        key, match = names.told(entry)
        items = [item for item in part.result.get("existing") or () if names.means(match, item)]
        # An object that is named by its id is told by its name.
        keys = list(dict.fromkeys([*(str(item["key"]) for item in items), key]))
        why = next((undone[each] for each in keys if each in undone), None)
        if why is None and written.isdisjoint(keys) and not any(item["declared"] == PRESENT for item in items):
            why = f"the role's result does not show it: look whether an extra variable replaces its {part.variable}"
        if why is None and part.disabled(items, keys):
            why = "it is there and disabled; declare it with enabled: true, or enable it by hand"
        if why is None:
            fine.append(keys[0])
        else:
            is_open = True
            yield Outcome(part.kind, keys[0], OPEN, why)
        for each in keys:
            rest.pop(each, None)
    if fine:
        yield Outcome(part.kind, ", ".join(sorted(fine)), GRANTED)
    for key, why in sorted(rest.items()):
        yield Outcome(part.kind, key, OPEN, why)
    if part.result.get("failed") and not is_open and not rest:
        yield Outcome(part.kind, "", OPEN, str(part.result.get("msg") or "it failed without a message"))
