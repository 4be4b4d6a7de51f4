# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up platform in memory: shelves with a label, tags and a size. It proves the core without any vendor."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    AS_SET,
    Declared,
    Field,
    Observed,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    Change,
    Service,
    Snapshot,
)

SHELF = Resource(
    platform="library",
    noun="shelf",
    singular="shelf",
    plural="shelves",
    listed_as="shelves",
    identity=("name",),
    options=(
        Field("name", required=True),
        Field("label", required_to_create=True),
        Field("tags", type="list", elements="str", compare=AS_SET),
        Field("size", type="int", create_default=1),
        Field("code", secret=True, compare="never"),
    ),
)


class Shelves(Service):
    """Shelves, by name; names are the same whatever their case."""

    resource = SHELF

    def __init__(self, store: dict[str, dict[str, Any]]) -> None:
        super().__init__(None, {}, None)
        self.store = store
        self.writes: list[str] = []
        self.protected: set[str] = set()
        # Still listed, and counted as absent.
        self.gone: set[str] = set()
        # Called before each write; may raise.
        self.fault: Any = lambda service, change: None
        self._lock = threading.Lock()

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        return options["name"], options["name"].casefold()

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        return Snapshot(
            [
                Observed(
                    name,
                    name.casefold(),
                    {**copy.deepcopy(values), "tags": sorted(values["tags"])},
                    handle=name,
                    protected="the catalogue" if name in self.protected else None,
                    exists=name not in self.gone,
                )
                for name, values in self.store.items()
            ]
        )

    def write(self, change: Change) -> None:
        with self._lock:
            self.writes.append(f"{change.action} {change.key}")
            self.fault(self, change)
            if change.action == DELETE:
                del self.store[change.current.handle]
            elif change.action == CREATE:
                name = change.entry["name"]
                self.store[name] = {"name": name, "tags": [], "label": None, "size": None, **change.target}
            else:
                self.store[change.current.handle].update(
                    {name: change.target[name] for name in change.fields if name in change.target}
                )
