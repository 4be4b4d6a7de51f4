# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did to the emulator's state, against what its plan said."""

from __future__ import annotations

import copy
from collections.abc import Hashable, Mapping
from typing import Any

from properties import names
from properties.kind import Case, Entry, Kind, Objects, World

Change = dict[str, Any]


class Effect:
    """The state before and after a run, as objects of the kind."""

    def __init__(
        self, kind: Kind, case: Case, entries: list[Entry], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        self.kind = kind
        self.case = case
        self.entries = entries
        self.before = before
        self.after = after
        self.had: Objects = kind.objects(before)
        self.has: Objects = kind.objects(after)
        # Objects of whom nothing is said: a change of them has failed, or they are judged together.
        self.loose: set[Hashable] = set()

    def check_effect(self, done: Mapping[str, Any]) -> None:
        """Start state + plan = end state: what was not planned is untouched. ``done``: the run's result."""
        world = World(copy.deepcopy(self.had))
        loose_keys: set[str] = set()
        tangles: list[Entry] = []
        open_entries = list(self.entries)
        taken: set[Hashable] = set()
        for change in done["changes"]:
            applied = change["status"] == "applied"
            assert applied or self.kind.excused(self.case, change), f"check mode did not say that this fails: {change}"
            entry = self._entry_of(change, open_entries)
            if entry is not None and self.kind.entangled(entry, self.had):
                self.loose.update(self.kind.entangled(entry, self.had))
                tangles.append(entry)
                continue
            ids = self.kind.ids(entry, self.had) if entry is not None else self._purged(change, taken)
            assert len(ids) == (change["action"] != "create"), f"{change} by {entry} is about {ids}"
            taken.update(ids)
            if applied:
                self.kind.carry_out(change, entry, next(iter(ids), None), world, self.case)
            else:
                self.loose.update(ids)
                loose_keys.add(change["key"])
        self._check_known(world)
        new = [found for identity, found in self.has.items() if identity not in self.had]
        new = [found for found in new if names.shown(self.kind.key(found)) not in loose_keys]
        new = [found for found in new if not any(self.kind.among(found, entry) for entry in tangles)]
        _check_new(world, new)
        self.kind.also(self.case, self.before, self.after, done)

    def check_declared(self) -> None:
        """What was declared is there, as far as a property can be declared."""
        for entry in self.entries:
            old = self.kind.ids(entry, self.had)
            now = self.kind.ids(entry, self.has)
            if entry.get("state") == "absent":
                left = [identity for identity in now if self.kind.exists(self.has[identity])]
                assert left == [], f"{entry} is still there"
                continue
            assert len(now) == 1, f"{entry} is {now}"
            wanted = self.kind.wanted(entry, self.had[old[0]] if old else None, self.case)
            found = self.has[now[0]]
            assert {name: found[name] for name in wanted} == wanted, entry

    def _check_known(self, world: World) -> None:
        firm = [identity for identity in self.had if identity not in self.loose]
        planned = {identity: world.objects.get(identity) for identity in firm}
        assert {identity: self.has.get(identity) for identity in firm} == planned

    def _entry_of(self, change: Change, entries: list[Entry]) -> Entry | None:
        """The entry that a change is about, taken out of ``entries``; None: a purged object's."""
        found = None
        for entry in entries:
            removes = entry.get("state") == "absent"
            keys = map(names.shown, self.kind.keys(entry, self.had))
            if change["key"] in keys and removes == (change["action"] == "delete"):
                found = found or entry
                if self._explains(entry, change):
                    # Two of one name may be declared by their ids, and a change shows the name.
                    found = entry
                    break
        if found is not None:
            entries.remove(found)
        return found

    def _explains(self, entry: Entry, change: Change) -> bool:
        """Whether what is to change is declared by the entry, and differs from what its object has."""
        objects = [self.had[identity] for identity in self.kind.ids(entry, self.had)]
        if change["action"] == "delete":
            return bool(objects)
        declared = [name for name in change["fields"] if name in entry]
        return any(found.get(name) != entry[name] for found in objects for name in declared)

    def _purged(self, change: Change, taken: set[Hashable]) -> list[Hashable]:
        """One of the undeclared objects of that key, the first that is gone."""
        assert self.case.options.get("purge"), f"nobody declared {change}"
        assert change["action"] == "delete", f"nobody declared {change}"
        declared = {identity for entry in self.entries for identity in self.kind.ids(entry, self.had)}
        found = [
            identity
            for identity, properties in self.had.items()
            if names.shown(self.kind.key(properties)) == change["key"] and identity not in taken | declared
        ]
        return sorted(found, key=lambda identity: self.had[identity] == self.has.get(identity))[:1]


def _check_new(world: World, new: list[dict[str, Any]]) -> None:
    for wanted in world.new:
        fitting = [found for found in new if {name: found[name] for name in wanted} == wanted]
        assert fitting, f"{wanted} was to be made, and there are {new}"
        new.remove(fitting[0])
    assert new == [], "nobody planned these"
