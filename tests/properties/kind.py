# SPDX-License-Identifier: GPL-3.0-or-later
"""What the properties need to know of one kind of object: how cases are drawn, and how the emulator keeps it.

A kind is the test's own, independent idea of an object: which one an entry means, and what a planned field is in the
emulator's state. It is told nothing by the code that is tested.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from emulator.platforms import PLATFORMS

Entry = dict[str, Any]
# Every property of one object, by the option's name where there is one.
Properties = dict[str, Any]
Objects = dict[Hashable, Properties]


# Mostly expressions; the last is none.
_EXCLUDED: tuple[list[str], ...] = (*([], [".*a.*"], ["ana.*", ".*@example\\.com"], [".*"]) * 5, ["("])


@dataclass(frozen=True)
class Case:
    """One start state, one declared state."""

    # The tenant's part of a state file, and its switches.
    state: Mapping[str, Any]
    switches: Mapping[str, str]
    # The declared list. Paths are relative to the case's own directory.
    entries: list[Entry]
    # The plural module's other options.
    options: Mapping[str, Any]
    # Files that are there at the start, by name.
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Excuse:
    """A failure of the run that reading alone cannot foresee, and the readings of the documents that bring it."""

    says: str
    # switch -> values, all of which have to be set; none: under every reading.
    switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, switches: Mapping[str, str], message: str) -> bool:
        """Whether it excuses a failure with this message."""
        return bool(re.search(self.says, message)) and all(
            switches.get(name) in values for name, values in self.switches.items()
        )


@dataclass
class World:
    """What there should be after some changes."""

    objects: Objects
    # Those that were made, whose identity the server chose.
    new: list[Properties] = field(default_factory=list)


class Kind(ABC):
    """One kind of object of one tenant of the emulator."""

    service: ClassVar[type[Service]]
    tenant: ClassVar[str]
    # Connection options beside the ready line's, and top-level options of every task.
    common: ClassVar[Mapping[str, Any]] = {}
    # Switches that make no difference to this kind, or leave nothing of it, with the reason.
    unmet: ClassVar[Mapping[str, str]] = {}
    excuses: ClassVar[tuple[Excuse, ...]] = ()
    # Refusals that only look at several entries together: what these messages say.
    across: ClassVar[str] = "is declared twice"
    # Result fields of a returned object that only the server can know.
    given_by_server: ClassVar[frozenset[str]] = frozenset()
    # Result fields that only the run shows that made the object.
    shown_once: ClassVar[frozenset[str]] = frozenset()

    # --- cases -------------------------------------------------------------------------------------------------

    @abstractmethod
    def cases(self) -> st.SearchStrategy[Case]:
        """Start states and declared states."""

    def switches(self) -> st.SearchStrategy[dict[str, str]]:
        """Mostly the defaults, else a few other readings of the documents at once."""
        known = [switch for switch in PLATFORMS[self.tenant].switches if switch.name not in self.unmet]
        other = st.sampled_from(
            [(switch.name, value) for switch in known for value in switch.choices if value != switch.default]
        )
        return st.lists(other, max_size=4).map(dict)

    def guards(self) -> st.SearchStrategy[dict[str, Any]]:
        """The plural module's options that every kind has."""
        return st.fixed_dictionaries(
            {"max_deletions": st.sampled_from(("-1", "-1", "-1", "-1", "10", "10", "1", "0", "50%"))},
            optional={
                "purge": st.booleans(),
                "allow_empty": st.booleans(),
                "purge_exclude": st.sampled_from(_EXCLUDED),
                "return_objects": st.booleans(),
                "api_concurrency": st.sampled_from((1, 3)),
            },
        )

    def excused(self, case: Case, change: Mapping[str, Any]) -> bool:
        """Whether a change that check mode planned may fail all the same."""
        return any(excuse.holds(case.switches, change["error"]["msg"]) for excuse in self.excuses)

    def unreadable(self, case: Case) -> bool:
        """Whether a task may end before it has a plan, since what the server says cannot be told apart."""
        return False

    def refused_next(self, case: Case, before: Objects, after: Objects) -> bool:
        """Whether what a run leaves behind makes the next one refuse, which writes nothing either."""
        return False

    # --- the emulator's state ------------------------------------------------------------------------------------

    @abstractmethod
    def objects(self, state: Mapping[str, Any]) -> Objects:
        """Every object by what never changes of it."""

    @abstractmethod
    def rest(self, state: Mapping[str, Any]) -> Any:
        """What is no object of this kind, and that no task may change."""

    def also(self, case: Case, before: Mapping[str, Any], after: Mapping[str, Any], done: Mapping[str, Any]) -> None:
        """Assert what a task has to leave behind, beside the objects. ``done``: the run's result."""
        assert self.rest(after) == self.rest(before)

    # --- what is meant ---------------------------------------------------------------------------------------------

    @abstractmethod
    def key(self, found: Properties) -> str:
        """The object's key in results."""

    @abstractmethod
    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        """Whether the entry means this object."""

    @abstractmethod
    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        """Under which keys a change of this entry may be reported."""

    def ids(self, entry: Entry, objects: Objects) -> list[Hashable]:
        """The objects that an entry means: more than one is for the module to refuse."""
        return [identity for identity, found in objects.items() if self.means(entry, identity, found)]

    def exists(self, found: Properties) -> bool:
        """Whether this is more than a trace of an object that was."""
        return True

    def entangled(self, entry: Entry, objects: Objects) -> set[Hashable]:
        """Objects that stand for one declared object together, so that :meth:`also` has to judge what becomes of them.

        Empty: the entry is about one.
        """
        return set()

    def among(self, found: Properties, entry: Entry) -> bool:
        """Whether a new object is one of them."""
        return self.key(found) in self.keys(entry, {})

    @abstractmethod
    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        """The properties that an object has to have once this entry is met."""

    # --- what a plan does ------------------------------------------------------------------------------------------

    @abstractmethod
    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        """The properties of an object that was made, by what its change planned."""

    def updated(self, found: Properties, entry: Entry | None, fields: Properties) -> Properties:
        """The properties of an object once the planned ``fields`` have their values."""
        return {**found, **fields}

    def removed(self, found: Properties, case: Case) -> Properties | None:
        """What is left of a removed object."""
        return None

    def carry_out(
        self, change: Mapping[str, Any], entry: Entry | None, identity: Hashable | None, world: World, case: Case
    ) -> None:
        """Do to ``world`` what the change says. ``identity``: of the object, where there is one."""
        fields = {name: pair["after"] for name, pair in change["fields"].items()}
        if change["action"] == "create":
            assert entry is not None, f"a creation that nobody declared: {change}"
            world.new.append(self.created(entry, fields, case))
            return
        assert identity in world.objects, f"{change} is about no object that there is"
        found = world.objects[identity]
        left = self.removed(found, case) if change["action"] == "delete" else self.updated(found, entry, fields)
        if left is None:
            del world.objects[identity]
        else:
            world.objects[identity] = left

    def apart(self, entries: list[Entry], objects: Objects) -> bool:
        """Whether no entry changes what another one's plan is made of."""
        return True
