# SPDX-License-Identifier: GPL-3.0-or-later
"""RETURN of a module, to compare results with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# What ansible-core gives to results by itself, or takes out of them.
COMMON = {
    *("attempts", "changed", "diff", "exception", "failed", "failed_when_result"),
    *("invocation", "item", "msg", "warnings"),
}
TYPES: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "dict": (dict,),
    "float": (float, int),
    "int": (int,),
    "list": (list,),
    "raw": (bool, dict, float, int, list, str),
    "str": (str,),
}


class Documentation:
    """RETURN of a module, and which of its keys were met."""

    def __init__(self, name: str, documented: Mapping[str, Any]) -> None:
        self.name = name
        self.documented = documented
        self.met: set[str] = set()

    def wrong(self, result: Mapping[str, Any]) -> Iterator[str]:
        """What a result has otherwise than it is documented."""
        own = {
            name: value
            for name, value in result.items()
            if name in self.documented or (name not in COMMON and "ansible_" not in name)
        }
        # With failed_when, failed is what the play thinks of it.
        failed = "failure" in result if "failed_when_result" in result else bool(result.get("failed"))
        for name, told in self.documented.items():
            due = {"success": not failed, "always": True, "failure": failed}.get(told["returned"], False)
            if due and name not in result:
                yield f"{name} is missing"
        yield from self._inside(own, self.documented, "")

    def paths(self, told: Mapping[str, Any] | None = None, where: str = "") -> Iterator[str]:
        """Every documented key by path, but what is said to be returned by another module."""
        for name, each in (self.documented if told is None else told).items():
            by = re.search(r"\bby M\(dataops\.access\.(\w+)\)", each["returned"])
            if by is None or by[1] == self.name:
                yield where + name
                ending = "[]." if each["type"] == "list" else "."
                yield from self.paths(each.get("contains") or {}, f"{where}{name}{ending}")

    def _inside(self, value: Mapping[str, Any], told: Mapping[str, Any], where: str) -> Iterator[str]:
        for name, item in value.items():
            if name not in told:
                yield f"{where}{name} is not documented"
                continue
            self.met.add(where + name)
            yield from self._value(item, told[name], where + name)
        for name, each in told.items():
            if where and each["returned"] == "always" and name not in value:
                yield f"{where}{name} is missing"

    def _value(self, item: Any, told: Mapping[str, Any], where: str) -> Iterator[str]:
        if item is None:
            return
        if type(item) not in TYPES[told["type"]]:
            yield f"{where} is a {type(item).__name__}, not a {told['type']}"
            return
        elements = item if isinstance(item, list) else []
        for element in elements:
            if element is not None and type(element) not in TYPES[told["elements"]]:
                yield f"{where}[] is a {type(element).__name__}, not a {told['elements']}"
        if "contains" in told:
            for element in elements if isinstance(item, list) else [item]:
                yield from self._inside(element, told["contains"], f"{where}{'[]' if isinstance(item, list) else ''}.")
