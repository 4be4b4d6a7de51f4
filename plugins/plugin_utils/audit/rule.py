# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule is made of: its severity, its thresholds and how they are checked, and what it yields. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import FORBIDDEN

# Stands for all objects of a kind.
EVERY = "*"


@dataclass(frozen=True)
class Found:
    """One thing that a rule found. What is true of the object is told in ``message``, as a sentence about "it"."""

    kind: str
    key: str
    message: str
    remedy: str
    status: str = FORBIDDEN
    people: Sequence[str] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    # By how many steps it is worse than the rule's severity; negative: milder.
    worse: int = 0


@dataclass(frozen=True)
class Threshold:
    """One option of a rule. ``parse`` returns the value as checks take it; raises ValueError saying what it must be."""

    name: str
    default: Any
    about: str
    parse: Callable[[Any], Any]


# Of one tenant's record, by the thresholds in force.
Check = Callable[[Mapping[str, Any], Mapping[str, Any], Context], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    """One row of the table of rules. ``about`` is what the documentation says of it."""

    id: str
    severity: str
    about: str
    # None: found where waivers are applied.
    check: Check | None
    thresholds: tuple[Threshold, ...] = ()
    # What says that an audit was not possible is never silent.
    can_be_off: bool = True


# --- how thresholds are checked ---------------------------------------------------------------------------------


def whole_number(lowest: int, highest: int | None = None) -> Callable[[Any], int]:
    """A whole number within bounds."""
    bounds = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"

    def parse(value: Any) -> int:
        # A template makes a text of a number, for Ansible before 2.19.
        number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
        if not isinstance(number, int) or isinstance(number, bool) or number < lowest:
            raise ValueError(f"a whole number {bounds}")
        if highest is not None and number > highest:
            raise ValueError(f"a whole number {bounds}")
        return number

    return parse


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def texts(value: Any) -> list[str]:
    """A list of texts, in lower case: names and addresses are compared without it."""
    if not _is_list(value) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError("a list of texts")
    return sorted({folded(item.strip()) for item in value})


def texts_of(choices: Iterable[str]) -> Callable[[Any], list[str]]:
    """A list out of ``choices``."""
    known = sorted(choices)

    def parse(value: Any) -> list[str]:
        wrong = f"a list out of {', '.join(known)}"
        if not _is_list(value) or any(item not in known for item in value):
            raise ValueError(wrong)
        return sorted(set(value))

    return parse


def pairs(value: Any) -> list[list[str]]:
    """A list of pairs of different texts, in lower case."""
    wrong = "a list of pairs, each a list of two different texts"
    if not _is_list(value):
        raise ValueError(wrong)
    found = []
    for item in value:
        if not _is_list(item) or len(item) != 2 or not all(isinstance(text, str) and text.strip() for text in item):
            raise ValueError(wrong)
        one, other = (folded(text.strip()) for text in item)
        if one == other:
            raise ValueError(wrong)
        found.append([one, other])
    return found


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


# --- what checks look at ----------------------------------------------------------------------------------------


def objects(tenant: Mapping[str, Any], *natures: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Everything that exists of these natures: its kind, and the object as core.inventory tells it."""
    for read in tenant["kinds"]:
        for item in read["existing"]:
            if item["nature"] in natures:
                yield read["kind"], item


def is_usable(item: Mapping[str, Any], context: Context) -> bool:
    """Whether an account, licence or token gives access now: not disabled and not expired, as far as it is told."""
    expires = context.moment(item["expires"])
    return item["enabled"] is not False and (expires is None or expires > context.now)


def plural(number: int, noun: str) -> str:
    """``1 day``, ``2 days``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
