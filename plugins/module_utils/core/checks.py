# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of declared values, before anything is sent. Each error names the option and says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_EMAIL = re.compile(r"[^\s@/\\]+@[^\s@/\\]+")


def name(option: str, value: str) -> str:
    """A name as it may stand in an address: not empty, no blanks around, no slash, no control character."""
    _no_blanks_around(option, value)
    if not value:
        raise ValidationError(f"{option} is empty; give it a value or remove the entry")
    if "/" in value or "\\" in value or value in (".", ".."):
        raise ValidationError(f"{option}: '{value}' holds a slash or is a dot path, which no address can carry")
    return value


def text(option: str, value: str) -> str:
    """A text without control characters; blanks around it are refused, since servers cut them off or keep them."""
    _no_blanks_around(option, value)
    return value


def email(option: str, value: str) -> str:
    """An e-mail address: one @, something on both sides, no blanks, no slash, no dot path."""
    _no_blanks_around(option, value)
    if not _EMAIL.fullmatch(value) or ".." in value:
        raise ValidationError(f"{option}: '{value}' is no e-mail address; write it as name@example.com")
    return value


def names(option: str, values: Iterable[str]) -> list[str]:
    """A list of names, checked one by one; repetitions are dropped, the order is kept."""
    return list(dict.fromkeys(name(option, str(value)) for value in values))


def near(word: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that there is not, as the end of a sentence; empty where nothing is near."""
    import difflib  # only where a name is wrong: it takes its time to load

    spellings = {name.lower(): name for name in sorted(known, reverse=True)}
    found = difflib.get_close_matches(word.lower(), spellings, 1)
    return f"; did you mean '{spellings[found[0]]}'?" if found else ""


def exclusive(options: Mapping[str, object], first: str, second: str) -> None:
    """Raise when both options are set (None and false count as not set)."""
    if options.get(first) and options.get(second):
        raise ValidationError(f"{first} and {second} exclude each other; give one")


def _no_blanks_around(option: str, value: str) -> None:
    if _CONTROL.search(value):
        raise ValidationError(f"{option}: {value!r} holds a line break or another control character; remove it")
    if value != value.strip():
        raise ValidationError(f"{option}: '{value}' has blanks around it; remove them")
