# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an object kind is made of: one declaration from which options, comparison and results follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, HIDDEN_CHANGED

# How two values of a field compare.
EXACT = "exact"
CASELESS = "caseless"  # strings that differ only in case are the same; ß and ss do not
AS_SET = "set"  # order and repetition mean nothing
NEVER = "never"  # create-only or write-only: what the server has is not known, or not to be changed

ABSENT = "absent"
PRESENT = "present"


@dataclass(frozen=True)
class Option:
    """One option of a declared object that steers the work, but is no property of the object itself."""

    name: str
    type: str = "str"
    elements: str | None = None
    choices: tuple[str, ...] | None = None
    default: Any = None
    required: bool = False
    secret: bool = False
    # Free text, which may quote anything; other values are names, numbers or choices.
    prose: bool = False
    # Stands at the top of the plural module (one value for all objects), beside the others in the singular one.
    top: bool = False

    def spec(self) -> dict[str, Any]:
        """The option as an entry of an Ansible argument spec."""
        spec: dict[str, Any] = {"type": self.type, "no_log": self.secret}
        if self.elements:
            spec["elements"] = self.elements
        if self.choices:
            spec["choices"] = list(self.choices)
        if self.default is not None:
            spec["default"] = self.default
        if self.required:
            spec["required"] = True
        return spec


@dataclass(frozen=True)
class Field(Option):
    """One property of the object: an option, a result field, and a rule of comparison."""

    compare: str = EXACT
    required_to_create: bool = False
    # What a new object gets when the option was omitted.
    create_default: Any = None

    def normal(self, value: Any) -> Any:
        """``value`` in the one form in which results and diffs show it."""
        if self.compare == AS_SET and value is not None:
            return sorted(set(value))
        return value

    def same(self, before: Any, after: Any) -> bool:
        """Whether two values mean the same for this field."""
        if self.compare == CASELESS and isinstance(before, str) and isinstance(after, str):
            return folded(before) == folded(after)
        return bool(self.normal(before) == self.normal(after))

    def change(self, before: Any, after: Any) -> FieldChange:
        """The change of this field; a secret is shown as changed, never as a value."""
        if self.secret:
            return FieldChange(None, HIDDEN) if before is None else FieldChange(HIDDEN, HIDDEN_CHANGED)
        return FieldChange(self.normal(before), self.normal(after))


@dataclass(frozen=True)
class FieldChange:
    """One field of one object: its value before and after, safe to show."""

    before: Any
    after: Any

    def as_dict(self) -> dict[str, Any]:
        """``{before, after}``."""
        return {"before": self.before, "after": self.after}


@dataclass(frozen=True)
class Resource:
    """An object kind: its names, its options in the order of the documentation, and what identifies an object."""

    platform: str
    # For messages: "Datasentinel user".
    noun: str
    # Result of the singular module, option and result of the plural one, result of the info one.
    singular: str
    plural: str
    listed_as: str
    options: tuple[Option, ...]
    # Options of which at least one must identify the object.
    identity: tuple[str, ...]
    # Whether creating an object spends a paid yearly quota.
    spends_quota: bool = False
    # Whether a change may move members from one object to another (``moved`` in its entry in ``changes``): for the
    # documentation of the results alone.
    moves_members: bool = False
    # Rules between options, in the form of an Ansible argument spec.
    required_one_of: tuple[tuple[str, ...], ...] = ()
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_together: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The properties of the object among its options."""
        return tuple(option for option in self.options if isinstance(option, Field))

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def spec(self, top: bool | None = None) -> dict[str, Any]:
        """Argument spec of one object, ``state`` included: of all options, or of the top-level ones or the others."""
        chosen = [option for option in self.options if top is None or option.top == top]
        spec = {option.name: option.spec() for option in chosen}
        if not top:
            spec["state"] = {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT}
        return spec

    def rules(self) -> dict[str, Any]:
        """The rules between options, as keyword arguments of an argument spec."""
        rules = {
            "required_one_of": self.required_one_of,
            "mutually_exclusive": self.mutually_exclusive,
            "required_together": self.required_together,
        }
        return {name: [list(names) for names in rule] for name, rule in rules.items() if rule}


@dataclass(frozen=True)
class Declared:
    """One declared object, its options checked and normalised."""

    key: str
    # The identity in the form in which the platform compares it; two entries with the same are a contradiction.
    match: str
    state: str
    # Every option of the resource; None: omitted, which means "leave it alone".
    options: Mapping[str, Any]
    # Position in the declared list, from 0; None for the singular module.
    position: int | None = None
    # The identity that it will have besides, once it is renamed.
    becomes: str | None = None

    def __getitem__(self, name: str) -> Any:
        return self.options.get(name)

    @property
    def absent(self) -> bool:
        """Whether the object is to be removed."""
        return self.state == ABSENT


@dataclass
class Observed:
    """One object as the platform has it."""

    key: str
    match: str
    # Result fields by name, normalised, without any secret.
    values: dict[str, Any]
    # What the API's paths need to name the object (its own spelling of an e-mail, an id).
    handle: Any = None
    # Why it must never be removed or disabled: "the account in use", "built-in", "the domain's owner".
    protected: str | None = None
    # Why a purge does not reach it: "in_use" or "out_of_scope".
    beyond: str | None = None
    # False: the platform still lists it, but it counts as absent (an inactive licence).
    exists: bool = True
    # What only the service understands.
    extra: Any = None
