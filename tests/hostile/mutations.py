# SPDX-License-Identifier: GPL-3.0-or-later
"""One change of the structure of any JSON document."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

HOSTILE_TEXTS = (
    "",
    " ",
    "\x00",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\x9b2J",
    "\u202egpj.exe",
    "\ud800",
    "x" * 5000,
    "../../etc/passwd",
    "{{ lookup('env', 'HOME') }}",
    "null",
    "\r\nSet-Cookie: a=b",
    "1e999",
    "0" * 5000,
)
HOSTILE_NUMBERS = (10**4000, -(10**4000), 2**63, -1, 0, 1e308, -1e308, 1e-308)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=()), max_size=20)
    | st.sampled_from(HOSTILE_TEXTS)
    | st.sampled_from(HOSTILE_NUMBERS)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
OPERATIONS = ("remove", "replace", "nest in a list", "nest in an object", "rename", "double", "exchange", "retype")
Path = tuple[str | int, ...]


def places(data: Any, at: Path = ()) -> Iterator[Path]:
    """The way to every node, the document itself first."""
    yield at
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*at, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from places(value, (*at, place))


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def kind_of(value: Any) -> str:
    """The type as JSON has it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return {dict: "object", list: "array", str: "string"}.get(type(value), "null")


@dataclass(frozen=True)
class Mutation:
    """What is done to which node; `where` counts the nodes of a document, again and again."""

    operation: str
    where: int
    other: int
    value: Any

    def applied(self, data: Any) -> tuple[Any, bool]:
        """The changed document, and whether it can no longer be what the API answers.

        That is so when a field is missing, has another name or another type; an entry more or less, or another value of
        the same type, may be the truth as well; and an empty answer may say that there is nothing.
        """
        changed = [copy.deepcopy(data)]
        every = [(0, *path) for path in places(data)]
        path = every[self.where % len(every)]
        parent, last = at(changed, path[:-1]), path[-1]
        node = parent[last]
        in_object = isinstance(parent, dict)
        if self.operation == "remove" and len(path) > 1:
            del parent[last]
            return changed[0], in_object
        if self.operation == "rename" and in_object:
            parent[f"{last}{self.other}"] = parent.pop(last)
            return changed[0], True
        if self.operation == "double" and len(path) > 1 and not in_object:
            parent.append(copy.deepcopy(node))
            return changed[0], False
        if self.operation == "exchange":
            other = every[self.other % len(every)]
            if path[: len(other)] != other and other[: len(path)] != path:
                far = at(changed, other[:-1])
                parent[last], far[other[-1]] = far[other[-1]], node
                return changed[0], False
        parent[last] = self._instead(node)
        return changed[0], kind_of(parent[last]) != kind_of(node) and bool(changed[0])

    def _instead(self, node: Any) -> Any:
        if self.operation == "nest in a list":
            return [node]
        if self.operation == "nest in an object":
            return {"value": node}
        if self.operation == "retype" and isinstance(node, (str, bool, int, float)):
            return str(node) if not isinstance(node, str) else len(node)
        return self.value


MUTATIONS = st.builds(Mutation, st.sampled_from(OPERATIONS), st.integers(0, 10**6), st.integers(0, 10**6), VALUES)
