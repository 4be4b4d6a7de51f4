# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about one declared Devo token. Pure: decides by what was read, reads and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import Refusal
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, FieldChange, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, HIDDEN_CHANGED
from ansible_collections.dataops.access.plugins.module_utils.core.service import UPDATE, Change
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token import FIXED, TOKEN, differing
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import (
    DEFAULT_LIFETIME,
    DEFAULT_SCOPES,
    PERMANENT,
    Token,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_family import (
    Family,
    Judge,
    Succession,
    token_of,
)

# What is not known of a token before it is made.
_GIVEN_BY_SERVER = ("id", "created", "updated", "expiration")


@dataclass
class Seen:
    """What a snapshot of the tokens holds beside them."""

    # The server's time when it was taken.
    now: float
    by_id: dict[str, Observed]
    families: dict[str, Family]
    # What the declared files hold, without the newline; one that cannot be read is among the existing alone.
    files: dict[str, str] = field(default_factory=dict)
    existing: set[str] = field(default_factory=set)


@dataclass
class Work:
    """What is to be done for one declared token, in this order."""

    # Successors that nobody can be using: deleted.
    discard: list[Observed] = field(default_factory=list)
    # Whose secret has to be written into secret_file.
    save: Token | None = None
    # A successor that takes the name, from the one to retire where there still is one.
    heir: Observed | None = None
    retire: Observed | None = None
    # Whether that one is deleted at once (replaced) instead of renamed and disabled first (renewed).
    delete_retired: bool = False
    # The fixed fields of a token to make; None: none is made.
    values: dict[str, Any] | None = None
    # Whether the one that it follows is deleted at once.
    delete_replaced: bool = False
    # Whether the token is enabled in the end.
    enabled: bool = True
    # Retired ones that were left: disabled, and deleted after their grace.
    predecessors: list[Observed] = field(default_factory=list)
    # Everything that this deletes, disables or renews.
    victims: list[Observed] = field(default_factory=list)


@dataclass
class Verdict:
    """One declared token, compared."""

    change: Change | None = None
    # What should be said about a token, in line or not.
    remarks: list[str] = field(default_factory=list)
    # Whose secret is the one to hand over.
    current: Observed | None = None


class Planner:
    """Compares one declaration, which is not absent, with what there is of its tokens."""

    def __init__(self, declared: Declared, family: Family, judge: Judge, seen: Seen) -> None:
        self.declared = declared
        self.family = family
        self.judge = judge
        self.seen = seen
        self.succession: Succession = judge.succession(family)
        self.work = Work(
            discard=self.succession.discard,
            predecessors=[one for one in family.predecessors if self._is_due(token_of(one))],
        )

    @property
    def _shown(self) -> str:
        return f"{TOKEN.noun} '{self.declared.key}'"

    def verdict(self, creation: Callable[[], Change]) -> Verdict:
        """``creation`` makes the usual change for an object that does not exist. Raises Refused."""
        succession, work = self.succession, self.work
        current = succession.heir if succession.takes_over else self.family.main
        remarks = [succession.remark] if succession.remark else []
        remarks += self._kept_for_ever()
        if current is None:
            change = self._creation(creation())
        else:
            change = self._change(current)
            remarks += self._remarks(token_of(current), change)
        unfinished = [*work.discard, *work.predecessors, *([work.heir] if work.heir else [])]
        if unfinished:
            change.fields["unfinished"] = FieldChange(sorted(one.key for one in unfinished), [])
        self._check_file(change)
        return Verdict(change if change.fields else None, remarks, succession.heir or current)

    def _is_due(self, token: Token) -> bool:
        """Whether something is left to do about a predecessor: to disable it, or to delete it after its grace."""
        if token.enabled and not token.expires_before(self.seen.now):
            return True
        grace = self.declared["grace"] or 0
        return not grace or (token.updated is not None and token.updated + grace <= self.seen.now)

    def _kept_for_ever(self) -> list[str]:
        """What should be said about retired tokens whose grace can never be seen to be over."""
        left = [token_of(one) for one in self.family.predecessors if one not in self.work.predecessors]
        return [
            f"{TOKEN.noun} '{token.name}' (id {token.id}) is disabled, and the listing does not say since when, so "
            "that nobody can tell when grace is over; delete it by hand, or set grace: 0"
            for token in left
            if token.updated is None
        ]

    # --- a token that does not exist ----------------------------------------------------------------------------

    def _creation(self, change: Change) -> Change:
        declared, work = self.declared, self.work
        change.fields["secret"] = FieldChange(None, HIDDEN)
        work.values = {name: declared[name] for name in FIXED if declared[name] is not None}
        work.enabled = declared["enabled"] is not False
        work.victims = list(work.predecessors)
        change.work = work
        self._check_renewal(change, declared["expires_in"] or DEFAULT_LIFETIME)
        return change

    # --- one that does ------------------------------------------------------------------------------------------

    def _change(self, current: Observed) -> Change:
        declared, work, succession = self.declared, self.work, self.succession
        token = token_of(current)
        key = current.key if declared["token_id"] else declared.key
        change = Change(key, UPDATE, {}, declared=declared, observed=current, work=work)
        work.enabled = self._keeps_enabled(token)
        if succession.takes_over:
            self._plan_takeover(change)
        # Beside a successor that waits, it is that one whose secret and fields count from now on.
        heir = token if succession.heir is None else token_of(succession.heir)
        self._plan_new(change, heir)
        if succession.heir is not None and not succession.takes_over and declared["retire_old"] is not False:
            self._refuse_waiting(change, token, succession.heir)
        self._plan_enabled(change, token)
        if declared["token_id"] and declared["name"] not in (None, token.name):
            self._plan_rename(change, token)
        if declared["secret_file"]:
            self._plan_file(change, heir)
        work.victims = [*work.discard, *work.predecessors]
        work.victims += [work.retire] if work.retire is not None else []
        work.victims += [current] if work.values is not None or change.disables else []
        change.after = self._after(current, change)
        return change

    def _keeps_enabled(self, token: Token) -> bool:
        """Whether it is to be enabled in the end; undeclared, it stays as it was."""
        enabled: bool | None = self.declared["enabled"]
        if enabled is not None:
            return enabled
        main = self.family.main
        if main is not None and not token_of(main).expires_before(self.seen.now):
            return token_of(main).enabled
        return token.enabled

    def _plan_takeover(self, change: Change) -> None:
        work, main = self.work, self.family.main
        work.heir, work.retire = self.succession.heir, main
        change.replaced = main is not None
        if main is not None and self.declared["replace"]:
            work.delete_retired = bool(differing(self.declared.options, token_of(main)))

    def _plan_new(self, change: Change, token: Token) -> None:
        """A new token where a fixed field differs, where this one is about to expire, or where it has expired."""
        declared, work, now = self.declared, self.work, self.seen.now
        different = differing(declared.options, token)
        replacing = bool(different or (declared["replace"] and token.expires_before(now)))
        ahead = declared["renew_before"]
        renewing = ahead is not None and work.enabled and token.expires_before(now + ahead)
        known = token.values()
        for name in different:
            change.fields[name] = TOKEN.field(name).change(known[name], declared[name])
        self._check_renewal(change, declared["expires_in"] or token.lifetime)
        if different and not declared["replace"]:
            change.refusals.append(
                f"{self._shown} (id {token.id}) differs in {', '.join(different)}, which the API cannot change; set "
                "replace: true to replace it by a new token, with a new secret"
            )
        if not replacing and not renewing:
            return
        if declared["token_id"]:
            change.refusals.append(
                Refusal.invalid(
                    f"{TOKEN.noun} '{token.name}' is declared by its id, which a new token would not have; declare it "
                    "by its name"
                )
            )
        if self.succession.heir is not None and not self.succession.takes_over:
            change.refusals.append(
                f"{self._shown}: '{self.succession.heir.key}' waits to take its place; finish that first, by a run "
                "with secret_file or return_secret and without retire_old: false"
            )
        if declared["scopes"] and declared["scopes"] != known["scopes"]:
            # Those that are never found to differ as well: a new token does get the default.
            change.fields["scopes"] = TOKEN.field("scopes").change(known["scopes"], declared["scopes"])
        change.fields["secret"] = FieldChange(HIDDEN, HIDDEN_CHANGED)
        change.replaced = True
        change.repeatable = False
        work.values = {name: declared[name] if name in change.fields else known[name] for name in FIXED}
        work.delete_replaced = replacing

    def _refuse_waiting(self, change: Change, token: Token, heir: Observed) -> None:
        """What has the name is not as declared while its successor, which is, waits for somebody to get its secret."""
        different = differing(self.declared.options, token)
        if not different:
            return
        known = token.values()
        for name in different:
            change.fields[name] = TOKEN.field(name).change(known[name], self.declared[name])
        change.refusals.append(
            f"{self._shown} (id {token.id}) differs in {', '.join(different)}, and '{heir.key}' waits to take its "
            "place; a run with secret_file or return_secret finishes that"
        )

    def _plan_enabled(self, change: Change, token: Token) -> None:
        wanted = self.declared["enabled"]
        if wanted is None or wanted == token.enabled:
            return
        if wanted and token.expires_before(self.seen.now) and self.work.values is None:
            return  # enabling does not bring an expired token back
        change.fields["enabled"] = FieldChange(token.enabled, wanted)
        change.disables = not wanted

    def _plan_rename(self, change: Change, token: Token) -> None:
        new = self.declared["name"]
        change.fields["name"] = FieldChange(token.name, new)
        others = [one.handle for one in self.seen.by_id.values() if one.key == new]
        if others:
            change.refusals.append(
                f"{TOKEN.noun} '{token.name}' cannot be renamed to '{new}': that is the name of the token with the id "
                f"{', '.join(others)}, and names could no longer tell them apart"
            )

    def _plan_file(self, change: Change, token: Token) -> None:
        """A missing file is written again; so is one that holds the secret of a token that goes."""
        path, work = self.declared["secret_file"], self.work
        if work.values is not None and work.heir is None:
            return  # the new token's secret goes there
        stale = any(self.judge.handed_over(token_of(one)) for one in work.discard)
        unsaved = self.succession.heir is not None and not self.judge.handed_over(token)
        if path not in self.seen.existing or stale or unsaved:
            work.save = token
            if work.values is None:
                change.fields["secret_file"] = FieldChange(None, path)

    def _after(self, current: Observed, change: Change) -> dict[str, Any]:
        after = {**current.values, "name": self.declared["name"] or current.values["name"]}
        if "enabled" in change.fields or change.replaced:
            after["enabled"] = self.work.enabled
        if self.work.values is not None:
            after.update({name: TOKEN.field(name).normal(value) for name, value in self.work.values.items()})
            for name in _GIVEN_BY_SERVER:
                after.pop(name)
        return after

    # --- refusals and remarks -----------------------------------------------------------------------------------

    def _check_renewal(self, change: Change, lifetime: int | None) -> None:
        ahead = self.declared["renew_before"]
        if ahead is not None and lifetime is not None and lifetime != PERMANENT and ahead >= lifetime:
            change.refusals.append(
                Refusal.invalid(
                    f"{self._shown} lives {lifetime} seconds, and renew_before: {ahead} is not less than that, so that "
                    "every run would renew it; lower renew_before, or declare a longer expires_in"
                )
            )

    def _check_file(self, change: Change) -> None:
        path = self.declared["secret_file"]
        if path and ("secret_file" in change.fields or "secret" in change.fields):
            reason = files.unwritable(path)
            if reason:
                change.refusals.append(Refusal.invalid(f"{TOKEN.noun} '{change.key}': secret_file: {reason}"))

    def _remarks(self, token: Token, change: Change) -> list[str]:
        remarks = []
        if token.expires_before(self.seen.now) and "secret" not in change.fields:
            remarks.append(
                f"{TOKEN.noun} '{token.name}' (id {token.id}) has expired; to get a new one, set replace: true, or "
                "renew_before with enabled: true"
            )
        if self.declared["scopes"] == list(DEFAULT_SCOPES) and tuple(token.scopes) != DEFAULT_SCOPES:
            remarks.append(
                f"{TOKEN.noun} '{token.name}' has the scopes {' '.join(token.scopes)}, and whether these are the "
                "default cannot be told; declare them by name to have them compared"
            )
        return remarks
