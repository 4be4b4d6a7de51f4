# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared state as YAML that a person would have written, and that reads back byte for byte. Pure.

A library writes YAML for machines: it neither sets comments where they belong, nor does it know that a name with braces
has to be ``!unsafe``, since a variable of an inventory is a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable

# Columns: beyond, a list or mapping is not written on one line, and a comment goes on in the next one.
WIDTH = 120
_INDENT = "  "

# Starts with a letter and holds nothing that YAML gives a meaning, or is an e-mail address: no version of YAML reads it
# as anything but a string.
_PLAIN = re.compile(r"[^\W\d_](?:[\w./@+ -]*[\w])?|\w[\w.+-]*@\w(?:[\w.-]*\w)?")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "inf", "nan"))
_TEMPLATE = re.compile(r"\{[{%#]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass
class Noted:
    """A list's element or a mapping's value with comments, one text each: above it, and below its last line."""

    value: Any
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


class OneLine(dict[str, Any]):
    """A mapping that is written on one line, where it fits: ``{company: Acme, username: ann@example.com}``."""


def scalar(value: Any) -> str:
    """A string, number, truth value or none as YAML reads it back, in whatever place."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and text.isprintable():
        return text
    quoted = '"' + "".join(_character(character) for character in text) + '"'
    return f"!unsafe {quoted}" if _TEMPLATE.search(text) else quoted


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def comment(text: str, indent: str = "") -> list[str]:
    """A text as comment lines, none of which anything can end early."""
    lines: list[str] = []
    line = f"{indent}#"
    for word in printable(text).split(" "):
        if len(line) + 1 + len(word) > WIDTH and line != f"{indent}#":
            lines.append(line)
            line = f"{indent}#"
        line += f" {word}"
    return [each.rstrip() for each in (*lines, line)]


def document(variables: Sequence[tuple[str, Any]]) -> list[str]:
    """The lines of a file of variables, in this order, without comments at its top."""
    lines = ["---"]
    apart = False
    for name, value in variables:
        noted = value if isinstance(value, Noted) else Noted(value)
        # What a list is of stands right above it.
        if apart:
            lines.append("")
        apart = isinstance(value, Noted) or _flow(value) is None
        for text in noted.above:
            lines += comment(text)
        lines += _member(name, noted.value, "")
        for text in noted.below:
            lines += comment(text)
    return lines


def _member(name: str, value: Any, indent: str) -> Iterator[str]:
    """One key of a mapping."""
    flow = _flow(value)
    start = f"{indent}{scalar(name)}:"
    if flow is not None and (len(start) + 1 + len(flow) <= WIDTH or _is_scalar(value) or not value):
        yield f"{start} {flow}"
        return
    yield start
    yield from _block(value, indent + _INDENT)


def _block(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            noted = item if isinstance(item, Noted) else Noted(item)
            for text in noted.above:
                yield from comment(text, indent)
            yield from _member(name, noted.value, indent)
            for text in noted.below:
                yield from comment(text, indent)
        return
    for item in value:
        noted = item if isinstance(item, Noted) else Noted(item)
        for text in noted.above:
            yield from comment(text, indent)
        yield from _element(noted.value, indent)
        for text in noted.below:
            yield from comment(text, indent + _INDENT)


def _element(value: Any, indent: str) -> Iterator[str]:
    """One element of a list."""
    flow = _flow(value)
    if flow is not None and (len(indent) + 2 + len(flow) <= WIDTH or _is_scalar(value) or not value):
        yield f"{indent}- {flow}"
        return
    lines = list(_block(value, indent + _INDENT))
    yield f"{indent}- {lines[0][len(indent) + len(_INDENT) :]}"
    yield from lines[1:]


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, bool, int, float))


def _flow(value: Any) -> str | None:
    """The value on one line; None where that would not be read easily."""
    if _is_scalar(value):
        return scalar(value)
    if isinstance(value, OneLine) or (isinstance(value, Mapping) and not value):
        members = [(scalar(name), _flow(item)) for name, item in value.items()]
        return "{" + ", ".join(f"{name}: {item}" for name, item in members) + "}" if _whole(members) else None
    if isinstance(value, (list, tuple)) and all(map(_is_scalar, value)):
        return "[" + ", ".join(map(scalar, value)) + "]"
    return None


def _whole(members: Sequence[tuple[str, str | None]]) -> bool:
    return all(item is not None for _name, item in members)
