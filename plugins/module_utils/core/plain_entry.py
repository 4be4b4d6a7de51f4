# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared entries that are plainly what their spec asks for, so that nothing has to be converted or complained about.

Nearly all entries of a large list are. On others the argument spec's own check decides, which takes 15 times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_IS = Callable[[Any], bool]
# What a spec may say for its entries to be recognised here; with anything else none is.
_LIST = {"type", "elements", "no_log", "options", "required_one_of"}
_OPTION = {"type", "elements", "no_log", "choices", "default", "required"}


class PlainEntries:
    """Recognises such entries of one list. ``spec``: of the list, in the form of an Ansible argument spec."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        options: Mapping[str, Mapping[str, Any]] = spec["options"]
        self._one_of = spec.get("required_one_of", ())
        self._is_plain = {name: _test(option) for name, option in options.items()} if set(spec) <= _LIST else {}
        self._omitted = {name: option.get("default") for name, option in options.items()}
        self._required = [name for name, option in options.items() if option.get("required")]

    def take(self, entry: Mapping[str, Any]) -> dict[str, Any] | None:
        """The entry with every option, None or the default where it was omitted; None if it is not plain.

        Lists in it are those of the entry.
        """
        for name, value in entry.items():
            is_plain = self._is_plain.get(name)
            if is_plain is None or not is_plain(value):
                return None
        for name in self._required:
            if name not in entry:
                return None
        for names in self._one_of:
            if all(entry.get(name) is None for name in names):
                return None
        return {**self._omitted, **entry}


def _test(option: Mapping[str, Any]) -> _IS | None:
    """Whether a value is taken as it is; None: that cannot be told here."""
    if not set(option) <= _OPTION:
        return None
    test = _of_list(option) if option["type"] == "list" else _of_one(option)
    # An explicit null is as good as nothing where there is nothing else to put in its place.
    if test is None or option.get("required") or option.get("default") is not None or "choices" in option:
        return test
    return lambda value: value is None or test(value)


def _of_one(option: Mapping[str, Any]) -> _IS | None:
    choices = option.get("choices")
    if choices is not None:
        return (lambda value: isinstance(value, str) and value in choices) if option["type"] == "str" else None
    tests: dict[str, _IS] = {
        "str": lambda value: isinstance(value, str),
        "bool": lambda value: isinstance(value, bool),
        "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
        # Nothing to fill in.
        "path": lambda value: isinstance(value, str) and not value.startswith("~") and "$" not in value,
    }
    return tests.get(option["type"])


def _of_list(option: Mapping[str, Any]) -> _IS | None:
    if option.get("elements") != "str" or "choices" in option:
        return None
    return lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value)
