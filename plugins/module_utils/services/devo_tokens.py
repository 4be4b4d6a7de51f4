# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo: the authentication tokens of an account, as declared and as observed; what is to be done about them.

The wire is in :mod:`devo_token_api`, what a renewal leaves behind in :mod:`devo_token_family`, the writes in
:mod:`devo_token_writer`. Only name and state of a token can be changed: everything else takes a new token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks, files, parallel
from ansible_collections.dataops.access.plugins.module_utils.core.account import Account
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    Refusal,
    Refused,
    ValidationError,
)
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Revealed
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed, Option
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    Change,
    Service,
    Snapshot,
)
from ansible_collections.dataops.access.plugins.module_utils.services import devo
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token import TOKEN, account, check_options
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import (
    ADMIN_AUDIENCE,
    TokenApi,
    secret_of,
    shows_no_secret,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_family import (
    Family,
    Judge,
    families,
    root,
    token_of,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_plan import (
    Planner,
    Seen,
    Verdict,
    Work,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_writer import Vault, Writer

IN_USE = "the token in use"
MAYBE_IN_USE = "perhaps the token in use, since reading it does not show its value"


@dataclass(frozen=True)
class Judged:
    """A declared token of which something is there: what its name or id means, and what is to be done about it."""

    declared: Declared
    observed: Observed | None
    verdict: Verdict


class DevoTokens(Service):
    """Tokens of one Devo account."""

    platform = devo.TOKENS
    resource = TOKEN
    unique_on_create = False
    info_options = (
        Option("account", required=True),
        Option("name"),
        Option("token_id"),
        Option("return_secret", type="bool", default=False),
    )

    def __init__(self, client: Any, options: Mapping[str, Any], connection: Any) -> None:
        super().__init__(client, options, connection)
        self.api = TokenApi(client, connection, checks.name("account", options["account"]))
        # Secrets by id, as far as they had to be read or were made.
        self._secrets: dict[str, str] = {}
        # Ids of the first listing: what is not among them was made since.
        self._known: set[str] = set()
        self._own_id: str | None = None
        # Tokens that are declared by their ids.
        self._declared_ids: frozenset[str] = frozenset()
        # Ids of tokens at risk of which it could not be told whether they are in use.
        self._unclear: set[str] = set()
        self._writer = Writer(self.api, Vault(self._secrets, self.revealed), self._known)

    # --- declared state -----------------------------------------------------------------------------------------

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """What can be judged without asking the platform."""
        return check_options(options)

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """The name; or the id, where one is given (then ``name`` renames)."""
        if options.get("token_id"):
            return options.get("name") or f"id {options['token_id']}", f"id:{options['token_id']}"
        return options["name"], _match(options["name"])

    def renamed(self, options: Mapping[str, Any]) -> str | None:
        """Given by id, it is called ``name`` in the end."""
        return _match(options["name"]) if options.get("token_id") and options.get("name") else None

    # --- reading ------------------------------------------------------------------------------------------------

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """The listing; of single tokens what has to be known before anything is taken away: whether one is in use."""
        _check_files(declared)
        observed = [
            Observed(token.name, _match(token.name), token.values(), handle=token.id, extra=token)
            for token in self.api.listing()
        ]
        seen = Seen(self.api.now(), {one.handle: one for one in observed}, families(observed))
        for entry in declared:
            _read_file(entry, seen)
        snapshot = Snapshot(observed, extra=seen)
        self._read_successors(declared, seen)
        if not again:
            self._declared_ids = frozenset(entry["token_id"] for entry in declared if entry["token_id"])
            self._known.update(seen.by_id)
            judged = list(self._judged(declared, snapshot))
            self._find_own(declared, judged, snapshot)
        if self._own_id in seen.by_id:
            seen.by_id[self._own_id].protected = IN_USE
        for token_id in self._unclear & set(seen.by_id):
            seen.by_id[token_id].protected = MAYBE_IN_USE
        if not again:
            self._remark_and_reveal(judged, snapshot)
        return snapshot

    def _read_successors(self, declared: Sequence[Declared], seen: Seen) -> None:
        """Whether a successor's secret is in the file decides about it."""
        wanted = [
            one.handle
            for entry in declared
            if not entry.absent and not entry["token_id"]
            for one in seen.families.get(entry["name"], Family()).successors
            if one.handle not in self._secrets
        ]
        self._read_secrets(wanted)

    def _read_secrets(self, ids: Sequence[str]) -> None:
        for token_id, item in zip(ids, parallel.each(self.api.read, ids, self._workers)):
            secret = None if item is None else secret_of(item)
            if secret is not None:
                self._secrets[token_id] = secret

    @property
    def _workers(self) -> int:
        return int(self.client.settings.api_concurrency)

    def _judged(self, declared: Sequence[Declared], snapshot: Snapshot) -> Iterator[Judged]:
        """Those of which something is there. What cannot be compared is left out: the plan reports it."""
        for entry in declared:
            with suppress(Refused, ValidationError):
                observed = self.find(entry, snapshot)
                if self._family(entry, observed, snapshot.extra).members:
                    yield Judged(entry, observed, self._verdict(entry, observed, snapshot))

    def _find_own(self, declared: Sequence[Declared], judged: Sequence[Judged], snapshot: Snapshot) -> None:
        """Which of the tokens that would be taken away is the one in use.

        No call tells who is asking, so those at risk are read and compared, the likeliest first. Expired ones too: the
        clock that says so may be wrong, and the token has just been used. Without a purge a few of the undeclared ones
        are looked at as well, so that ``unmanaged`` most likely does not call it undeclared.
        """
        risk, undeclared = self._at_risk(declared, judged, snapshot)
        suspects = [one for one in risk if token_of(one).enabled]
        suspects.sort(key=lambda one: ADMIN_AUDIENCE not in token_of(one).audience)
        unclear: set[str] = set()
        for start in range(0, len(suspects), self._workers):
            if self._is_among(suspects[start : start + self._workers], unclear):
                return
        self._unclear |= unclear
        if self.options.get("purge") is False:
            likely = [one for one in undeclared if ADMIN_AUDIENCE in token_of(one).audience and token_of(one).enabled]
            self._is_among(likely[: self._workers], set())

    def _is_among(self, suspects: Sequence[Observed], unclear: set[str]) -> bool:
        """Whether the token in use is one of these; adds those to ``unclear`` of which reading does not tell."""
        own = self.connection.credentials["api_token"]
        ids = [one.handle for one in suspects]
        for token_id, item in zip(ids, parallel.each(self.api.read, ids, self._workers)):
            # Whatever the key of the secret is: the token in use is recognised by its value.
            if item is not None and own in item.values():
                self._own_id = token_id
                return True
            if item is not None and shows_no_secret(item):
                unclear.add(token_id)
        return False

    def _at_risk(
        self, declared: Sequence[Declared], judged: Sequence[Judged], snapshot: Snapshot
    ) -> tuple[list[Observed], list[Observed]]:
        """What the plan would take away, and what is not declared, which a purge takes away too."""
        meant = {one.observed.handle for one in judged if one.observed is not None}
        changes = [one.verdict.change for one in judged if one.verdict.change is not None]
        risk: dict[str, Observed] = {one.handle: one for change in changes for one in change.work.victims}
        matches = {entry.match for entry in declared}
        rest = [one for one in snapshot.objects if one.handle not in meant and not self.belongs(one, matches)]
        if self.options.get("purge"):
            risk.update({one.handle: one for one in rest})
        return list(risk.values()), rest

    def _remark_and_reveal(self, judged: Sequence[Judged], snapshot: Snapshot) -> None:
        asked: dict[str, str] = {}
        for one in judged:
            snapshot.warnings += one.verdict.remarks
            if one.declared["return_secret"] and one.verdict.current is not None:
                asked[one.declared.match] = one.verdict.current.handle
        self._read_secrets([token_id for token_id in asked.values() if token_id not in self._secrets])
        for match, token_id in asked.items():
            if token_id in self._secrets:
                self.revealed[match] = {"secret": Revealed(self._secrets[token_id])}

    # --- comparing ----------------------------------------------------------------------------------------------

    def find(self, declared: Declared, snapshot: Snapshot) -> Observed | None:
        """By id or by name; two tokens of one name are refused, with their ids."""
        if declared["token_id"]:
            found: Observed | None = snapshot.extra.by_id.get(declared["token_id"])
            return found
        return super().find(declared, snapshot)

    def belongs(self, observed: Observed, matches: AbstractSet[str]) -> bool:
        """What a renewal of a declared name has made is a part of it."""
        name = root(token_of(observed))
        return name is not None and _match(name) in matches

    def compare(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Change | None:
        """What brings a token in line, unfinished renewals included."""
        change = self._verdict(declared, observed, snapshot).change
        if change is not None:
            for one in change.work.victims:
                if one.protected:
                    change.refusals.append(
                        f"{TOKEN.noun} '{one.key}' is {one.protected}, which is never deleted, disabled or renewed; "
                        "run this with another token as api_token"
                    )
        return change

    def creation(self, declared: Declared, wanted: Mapping[str, Any]) -> Change:
        """A new token; whose it is and how long it lives is the server's choice where that is not declared."""
        change = super().creation(declared, wanted)
        change.target.update(account=self.api.account, enabled=declared["enabled"] is not False)
        return change

    def rest(self, change: Change, snapshot: Snapshot) -> Change | None:
        """A new listing decides what is left: also about a purged token, by its id."""
        if change.declared is not None:
            now = self.observe([change.declared], again=True)
            return self.compare(change.declared, self.find(change.declared, now), now)
        left = self.observe([], again=True).extra.by_id.get(change.current.handle)
        return None if left is None else self.removal(left)

    def removal(self, observed: Observed, declared: Declared | None = None) -> Change:
        """One token, purged."""
        change = super().removal(observed, declared)
        change.work = Work(victims=[observed])
        return change

    def _verdict(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Verdict:
        seen: Seen = snapshot.extra
        family = self._family(declared, observed, seen)
        self._check_parted(declared, family)
        if declared.absent:
            return Verdict(self._removal_of_all(declared, family))
        if declared["token_id"] and observed is None:
            raise Refused(
                f"{TOKEN.noun} with the id {declared['token_id']} does not exist, and an id cannot be chosen; declare "
                "it by its name",
                kind="not_found",
            )
        saved = seen.files.get(declared["secret_file"] or "")
        judge = Judge(declared, seen.now, saved, lambda token: self._secrets.get(token.id))
        wanted = self.wanted(declared, None, snapshot)
        return Planner(declared, family, judge, seen).verdict(lambda: self.creation(declared, wanted))

    @staticmethod
    def _family(declared: Declared, observed: Observed | None, seen: Seen) -> Family:
        return Family(observed) if declared["token_id"] else seen.families.get(declared["name"], Family())

    def _check_parted(self, declared: Declared, family: Family) -> None:
        """What a renewal has made goes with its name: two entries must not decide about one token."""
        for one in family.successors + family.predecessors:
            if one.handle in self._declared_ids:
                raise ValidationError(
                    f"{TOKEN.noun} '{one.key}' (id {one.handle}) was made to renew '{declared.key}', and is declared "
                    "by its id besides; take one of the two entries out"
                )

    def _removal_of_all(self, declared: Declared, family: Family) -> Change | None:
        """A name goes with everything that a renewal has made of it."""
        members = family.members
        if not members:
            return None
        return Change(
            declared.key, DELETE, {}, declared=declared, observed=members[0], stage=1, work=Work(victims=members)
        )

    def refine(self, changes: list[Change], snapshot: Snapshot) -> list[str]:
        """Two objects must not end with one name; a secret that is about to change is not the one to return."""
        names: dict[str, Change] = {}
        for change in changes:
            if change.declared is not None and "secret" in change.fields:
                self.revealed.pop(change.declared.match, None)
            if change.action == CREATE or "name" in change.fields:
                name = str(change.target["name"])
                other = names.setdefault(name, change)
                if other is not change:
                    change.refusals.append(
                        Refusal.invalid(f"two tokens would get the name '{name}'; declare one of them")
                    )
        return []

    # --- writing ------------------------------------------------------------------------------------------------

    def write(self, change: Change) -> None:
        """Carry the plan for one token out."""
        self._writer.write(change)

    # --- results ------------------------------------------------------------------------------------------------

    def identity(self, observed: Observed) -> dict[str, Any]:
        """The id: several may have one name, and a new token of a name is another one."""
        return {"token_id": observed.handle}

    def account(self, observed: Observed) -> Account:
        """Who uses it, what for, and until when."""
        return account(token_of(observed))

    def info(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Tokens by name; secrets of those that were asked for by name or id."""
        name, token_id = options["name"], options["token_id"]
        if options["return_secret"] and name is None and token_id is None:
            raise ValidationError("return_secret needs name or token_id: secrets are returned one by one")
        found = [
            one
            for one in sorted(self.observe([]).objects, key=lambda one: (one.key, len(one.handle), one.handle))
            if (name is None or one.key == name) and (token_id is None or one.handle == token_id)
        ]
        if options["return_secret"]:
            self._read_secrets([one.handle for one in found])
            return {TOKEN.listed_as: [{**self.result(one), "secret": self._revealed(one)} for one in found]}
        return {TOKEN.listed_as: [self.result(one) for one in found]}

    def _revealed(self, one: Observed) -> Revealed:
        if one.handle not in self._secrets:
            raise AccessError(f"Could not find the secret of the token '{one.key}' in what the server answered")
        return Revealed(self._secrets[one.handle])


# --- one thing each ---------------------------------------------------------------------------------------------


def _match(name: str) -> str:
    return f"name:{name}"


def _check_files(declared: Sequence[Declared]) -> None:
    owners: dict[str, Declared] = {}
    for entry in declared:
        if entry["secret_file"] and not entry.absent:
            other = files.other_owner(owners, entry["secret_file"], entry)
            if other is not None:
                raise ValidationError(
                    f"secret_file: '{other.key}' and '{entry.key}' have the same one ({entry['secret_file']}), which "
                    "can hold the secret of one"
                )


def _read_file(entry: Declared, seen: Seen) -> None:
    path = entry["secret_file"]
    if not path or not files.exists(path):
        return
    seen.existing.add(path)
    if not Path(path).is_file():
        return  # reading from a pipe would wait for whoever writes into it
    try:
        seen.files[path] = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return  # it is there, and holds no secret that could be told
