# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the builders of all kinds share: an object that exists becomes the entry that declares it. Pure.

An entry is checked by the code that the modules check it with. What that refuses cannot be declared: an option is left
out of the entry, an object out of the list, and both are said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service

# How a result shows what no terminal may get, see core/render.py: what was there cannot be told any more.
_ESCAPED = re.compile(r"\\(?:x[789][0-9a-f]|u061c|u200[ef]|u202[89a-e]|u206[6-9]|ud[89a-f][0-9a-f]{2})")


# A text without any of these is neither hidden nor escaped nor halved: most texts.
_SUSPECT = re.compile("[*\\\\\ud800-\udfff]")


class Undeclarable(Exception):
    """No entry can declare this object. Its text says why."""


@dataclass
class Entry:
    """One declared object, with comments."""

    options: dict[str, Any]
    # What is to be known about it, above.
    notes: list[str] = field(default_factory=list)
    # Secrets that are left out, below.
    marks: list[str] = field(default_factory=list)
    # Lower-cased e-mail of the one person whose it is; "": nobody's alone.
    person: str = ""
    # What people are called, by lower-cased e-mail, as far as the platform tells.
    called: dict[str, str] = field(default_factory=dict)


@dataclass
class Declaration:
    """One list of declared objects."""

    variable: str
    # Variables that say what the objects are of, such as devo_domain.
    scope: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    # What exists and is not among them: what it is, and why.
    left_out: list[tuple[str, str]] = field(default_factory=list)
    # Comments above the list.
    notes: list[str] = field(default_factory=list)

    def leave_out(self, what: str, why: str) -> None:
        """Note something that exists and cannot be declared."""
        self.left_out.append((what, why))


def plain(value: Any) -> str | None:
    """Why a value is not what the platform has, or None: results hide secrets and escape what terminals obey."""
    if isinstance(value, (list, tuple)):
        return next((why for why in map(plain, value) if why), None)
    if isinstance(value, str) and _SUSPECT.search(value):
        if HIDDEN in value:
            return "it holds a secret of this connection, which is not shown"
        if _ESCAPED.search(value):
            return "it holds a character that is only shown escaped"
        if any("\ud800" <= character <= "\udfff" for character in value):
            return "it holds half a character"
    return None


def fitted(service: Service, identity: Mapping[str, Any], options: Mapping[str, Any]) -> Entry:
    """The entry of these options, without those that cannot be declared. Raises Undeclarable."""
    entry = Entry(dict(identity))
    shown = {}
    for name, value in options.items():
        if value is None:
            continue
        why = _unfit(service, name, value)
        if why is None:
            shown[name] = value
        else:
            entry.notes.append(f"{name} is left out: {why}")
    if _refused(service, {**identity, **shown}) is None:
        entry.options.update(shown)
        return entry
    why = _refused(service, identity)
    if why is not None:
        raise Undeclarable(why)
    for name, value in shown.items():
        why = _refused(service, {**identity, name: value})
        if why is None:
            entry.options[name] = value
        else:
            entry.notes.append(f"{name} is left out: {why}")
    return entry


def _unfit(service: Service, name: str, value: Any) -> str | None:
    choices = next((option.choices for option in service.resource.options if option.name == name), None)
    if choices and value not in choices:
        return f"the platform says {value!r}, and a declaration takes {' or '.join(choices)}"
    return plain(value)


def _refused(service: Service, options: Mapping[str, Any]) -> str | None:
    """Why the module would refuse an entry, or None."""
    why = plain(list(options.values()))
    if why is not None:
        return why
    try:
        service.declare({**dict.fromkeys(service.resource.identity), **options})
    except ValidationError as problem:
        return problem.message
    return None


def repeated(values: Iterable[str]) -> frozenset[str]:
    """Those that occur more than once."""
    return frozenset(value for value, number in Counter(values).items() if number > 1)
