# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading YAML, by libyaml where it is, without what makes a small text a large one or another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.written import Unfit, repeated

# What :func:`load` raises for a text that is no YAML, besides Unfit; errors of PyYAML may have a ``problem_mark``.
# A tag that does not fit its value ends in whatever comes of it.
ERRORS: tuple[type[Exception], ...] = (ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True
    ERRORS += (yaml.YAMLError,)

# Deeper than any list of options. libyaml's loader goes down by recursion, and a file could end the process by it.
_DEEPEST = 100
# What aliases may stand for: in any case, and for each value that is written down.
_EXPANDED, _EXPANDED_EACH = 100_000, 20
# No option takes a number of more characters; beyond 4300 digits Python makes no text of it.
_LONGEST_NUMBER = 100
_NUMBERS = ("int", "float")
_MERGE = "<<"


def without_traps(loader: type[Any]) -> Any:
    """A safe loader of PyYAML, to which ``12:30`` is a text as in YAML 1.2, and no number is endless."""
    made: Any = type("Loader", (loader,), {})
    for kind in _NUMBERS:
        made.add_constructor(f"tag:yaml.org,2002:{kind}", _number(getattr(loader, f"construct_yaml_{kind}")))
    return made


def _number(construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def constructed(loader: Any, node: Any) -> Any:
        text = loader.construct_scalar(node)
        if ":" in text:
            return text  # YAML 1.1 takes it as a number in base 60
        if len(text) > _LONGEST_NUMBER:
            raise yaml.constructor.ConstructorError(None, None, "too long a number", node.start_mark)
        return construct(loader, node)

    return constructed


if HAS_YAML:
    # Without libyaml it takes six times as long.
    LOADER = without_traps(getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def load(text: str) -> Any:
    """The data in a text. Raises Unfit, which names the line, and ERRORS; to be called where HAS_YAML says so."""
    _check(text)
    return yaml.load(text, LOADER)  # noqa: S506 - it is a safe one


class _Open:
    """A mapping or a list that has not ended yet. ``size``: of how many values it is made so far."""

    __slots__ = ("anchor", "at_name", "names", "size")

    def __init__(self, anchor: str | None, is_mapping: bool) -> None:
        self.anchor = anchor
        self.names: set[str] | None = set() if is_mapping else None
        self.at_name = is_mapping
        self.size = 1


def _check(text: str) -> None:
    """Look at a text before anything is made of it. Raises Unfit, RecursionError, and what PyYAML has against it."""
    inside: list[_Open] = []
    # By anchor: of how many values it is made, None as long as it has not ended; and its text, if it is one.
    sizes: dict[str, int | None] = {}
    texts: dict[str, str | None] = {}
    written, expanded = 0, 0
    event: Any
    for event in yaml.parse(text, LOADER):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            anchor, size, value = event.anchor, 1, event.value
        elif kind is yaml.AliasEvent:
            alias, anchor = event.anchor, None
            # One that there is not is for PyYAML to refuse.
            found, value = sizes.get(alias, 1), texts.get(alias)
            if found is None:
                raise Unfit(f"line {_line(event)}: an alias stands inside of what it stands for")
            size = found
            expanded += size
            if expanded > _EXPANDED + _EXPANDED_EACH * written:
                raise Unfit(
                    f"line {_line(event)}: its aliases stand for more values than any list needs; write them out"
                )
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(inside) == _DEEPEST:
                raise RecursionError
            if event.anchor:
                sizes[event.anchor] = None
            inside.append(_Open(event.anchor, kind is yaml.MappingStartEvent))
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            ended = inside.pop()
            anchor, size, value = ended.anchor, ended.size, None
        else:
            continue  # the beginning or the end of a document
        written += 1
        if anchor:
            sizes[anchor], texts[anchor] = size, value
        if inside:
            _take(inside[-1], size, value, event)


def _take(outer: _Open, size: int, value: str | None, event: Any) -> None:
    """A value has ended that stands in ``outer``; of a mapping every other one is a name."""
    outer.size += size
    if outer.names is None:
        return
    if outer.at_name and value is not None:
        if value in outer.names and value != _MERGE:
            raise Unfit(f"line {_line(event)}: {repeated(value)}")
        outer.names.add(value)
    outer.at_name = not outer.at_name


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
