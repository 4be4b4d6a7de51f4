# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may remove or spend: purge, exclusions, limits. Only obeys what services mark as protected."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.dataops.access.plugins.module_utils.core import expressions
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Change

UNLIMITED = "-1"


@dataclass(frozen=True)
class Policy:
    """The guards of one task. The defaults are those of a task that names its one object."""

    purge: bool = False
    allow_empty: bool = False
    # Regular expressions, full match on the key, case-insensitive.
    exclude: tuple[str, ...] = ()
    max_deletions: str = UNLIMITED
    max_registrations: int = -1
    # How long all expressions together may take.
    expression_seconds: float = expressions.SECONDS

    def check(self, kept: int) -> None:
        """Raise ValidationError for options that cannot be right, before anything is read.

        ``kept``: how many of the declared objects are to be present.
        """
        self.compiled()
        allowed_deletions(self.max_deletions, 0)
        if self.max_registrations < -1:
            raise ValidationError(
                f"max_registrations: {self.max_registrations} is neither a number nor -1 for no limit"
            )
        if self.purge and not kept and not self.allow_empty:
            raise ValidationError(
                "purge with a declared list that is empty, or keeps nothing, would remove everything in scope; "
                "set allow_empty: true if that is meant"
            )

    def compiled(self) -> list[re.Pattern[str]]:
        """The exclusions. Raises ValidationError naming the one that is no regular expression."""
        return [expressions.compiled("purge_exclude", expression) for expression in self.exclude]

    def excluded(self, keys: Sequence[str]) -> tuple[set[str], list[str]]:
        """Those of ``keys`` that purge never touches, and the expressions that matched none of them."""
        found: set[str] = set()
        idle: list[str] = []
        with expressions.within("purge_exclude", self.expression_seconds):
            for pattern in self.compiled():
                matched = {key for key in keys if pattern.fullmatch(key)}
                found |= matched
                if not matched:
                    idle.append(pattern.pattern)
        return found, idle

    def limits(self, changes: Iterable[Change], in_scope: int) -> list[str]:
        """Why these changes are too many; empty when they are not."""
        deletions = registrations = 0
        for change in changes:
            deletions += change.counts_as_deletion
            registrations += change.registrations
        reasons = []
        allowed = allowed_deletions(self.max_deletions, in_scope)
        if allowed is not None and deletions > allowed:
            share = f" ({allowed} of {in_scope} in scope)" if self.max_deletions.endswith("%") else ""
            reasons.append(
                f"{deletions} deletions are planned, more than max_deletions: {self.max_deletions}{share} allows; "
                "look at the changes, then raise it if they are meant"
            )
        if 0 <= self.max_registrations < registrations:
            reasons.append(
                f"{registrations} registrations are planned, each of which spends the year's quota, more than "
                f"max_registrations: {self.max_registrations} allows; look at the changes, then raise it if they are "
                "meant"
            )
        return reasons


def allowed_deletions(limit: str, in_scope: int) -> int | None:
    """``max_deletions`` as a number; None: no limit. Raises ValidationError."""
    text = str(limit).strip()
    if text == UNLIMITED:
        return None
    number = re.fullmatch(r"([0-9]{1,9})(\.[0-9]{1,3})?(%?)", text)
    if not number or (number.group(2) and not number.group(3)):
        raise ValidationError(
            f"max_deletions: '{limit}' is neither a number, nor a share such as \"20%\", nor -1 for no limit"
        )
    if not number.group(3):
        return int(number.group(1))
    share = float(text[:-1])
    if share > 100:
        raise ValidationError(f"max_deletions: '{limit}' is more than 100%; use -1 for no limit")
    return math.floor(in_scope * share / 100)


def reason_to_keep(observed: Observed, excluded: set[str]) -> str:
    """Why an undeclared object is left alone, as ``unmanaged`` says it; ``undeclared``: a purge removes it."""
    if observed.protected:
        return "protected"
    if observed.key in excluded:
        return "excluded"
    return observed.beyond or "undeclared"
