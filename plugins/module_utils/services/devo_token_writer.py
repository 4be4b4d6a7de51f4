# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writes for one Devo token, in the order in which nobody is ever left without a working secret.

A secret is handed over and proven before the token that it follows is touched. After each single request the next run
can tell by names and state how far this one came: see :mod:`devo_token_family`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Revealed
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared
from ansible_collections.dataops.access.plugins.module_utils.core.service import CREATE, DELETE, Change
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token import differing
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import (
    ADMIN_AUDIENCE,
    DEFAULT_SCOPES,
    Created,
    Token,
    TokenApi,
    parse,
    secret_of,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_family import (
    newest,
    predecessor_name,
    successor_name,
    token_of,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_plan import Work

# A grace up to this many seconds is waited for; a longer one is left to the next run that looks at the token.
LONGEST_GRACE_WAIT = 60


@dataclass
class Vault:
    """Secrets: known ones by token id, and by declaration those that the result shows."""

    secrets: dict[str, str]
    revealed: dict[str, dict[str, Revealed]]


class Writer:
    """Carries changes out. ``known``: ids that existed before this task; what else is listed was made since."""

    def __init__(self, api: TokenApi, vault: Vault, known: set[str]) -> None:
        self.api = api
        self.vault = vault
        self._known = known
        self._files = files.SecretFiles(api.client)

    def write(self, change: Change) -> None:
        """One declared or purged token. Raises AccessError; LostAnswer where only reading again can tell."""
        work: Work = change.work
        if change.action == DELETE:
            for one in work.victims:
                self._delete(change, token_of(one))
            return
        if work.save is not None:
            # First of all: what the file holds may be about to be deleted.
            self._hand_over(change.entry, self._secret(work.save))
        for one in work.discard:
            self._delete(change, token_of(one))
        retired = [token_of(one) for one in work.predecessors]
        if change.action == CREATE:
            self._create(change)
        else:
            retired += self._update(change)
        for token in retired:
            self._end(change, token)

    def _create(self, change: Change) -> None:
        """The first token of a name.

        Where the file still holds an older secret, the token is a successor until its own is saved: a run that ends in
        between must not leave a token beside a file that does not belong to it.
        """
        name, file = change.entry["name"], change.entry["secret_file"]
        stale = bool(file) and files.exists(file)
        new = self._make(change, successor_name(name) if stale else name)
        if not change.work.enabled:
            self._switch(change, new, False)
        if stale:
            self._rename(change, new, name)

    def _update(self, change: Change) -> list[Token]:
        """Returns the old tokens that are left to be ended."""
        work: Work = change.work
        token = token_of(change.current)
        retired: list[Token] = []
        if work.heir is not None:
            token, retired = self._take_over(change, token)
        if work.values is not None:
            return retired + self._follow(change, token)
        if token.enabled != work.enabled and "enabled" in change.fields:
            self._switch(change, token, work.enabled)
        if "name" in change.fields:
            self._rename(change, token, change.entry["name"])
        return retired

    # --- renewing and replacing ---------------------------------------------------------------------------------

    def _take_over(self, change: Change, heir: Token) -> tuple[Token, list[Token]]:
        """Finish what an earlier run began: its successor takes the name."""
        work: Work = change.work
        if work.retire is None:
            return self._rename(change, heir, change.entry["name"]), []
        old = token_of(work.retire)
        if heir.enabled:
            self._prove(change, heir, old)
            if not work.enabled:
                heir = self._switch(change, heir, False)
        return self._swap(change, heir, old, work.delete_retired)

    def _follow(self, change: Change, old: Token) -> list[Token]:
        """Make the successor, hand it over, prove it, and only then touch the old one."""
        work: Work = change.work
        new = self._make(change, successor_name(change.entry["name"]))
        self._prove(change, new, old)
        if not work.enabled:
            new = self._switch(change, new, False)
        if not work.delete_replaced and change.entry["retire_old"] is False:
            return []
        return self._swap(change, new, old, work.delete_replaced)[1]

    def _swap(self, change: Change, new: Token, old: Token, at_once: bool) -> tuple[Token, list[Token]]:
        """The new token takes the name; the old one is deleted, or renamed and disabled and left to be ended."""
        name = change.entry["name"]
        if at_once:
            self._delete(change, old)
            return self._rename(change, new, name), []
        old = self._rename(change, old, predecessor_name(name, old.id))
        if old.enabled:
            old = self._switch(change, old, False)
        return self._rename(change, new, name), [old]

    def _end(self, change: Change, token: Token) -> None:
        """Disable a retired token, and delete it after its grace; a long one is left to a later run."""
        now = self.api.now()
        if token.enabled and not token.expires_before(now):
            token = self._switch(change, token, False)
        grace = float(change.entry["grace"] or 0)
        # Without that time, only one without a grace comes here.
        since = now if token.updated is None else token.updated
        wait = max(0.0, since + grace - now)
        client = self.api.client
        left = client.deadline.remaining()
        if wait > LONGEST_GRACE_WAIT or (left is not None and wait >= left):
            return
        client.wait(wait, f"delete the token '{token.name}'")
        self._delete(change, token)

    # --- a new token --------------------------------------------------------------------------------------------

    def _make(self, change: Change, name: str) -> Token:
        """Create a token and hand its secret over; one that is not as asked, or cannot be handed over, is revoked."""
        work: Work = change.work
        values = work.values or {}
        created = self._post(change, name, _body(name, values))
        new, secret = created.token, created.secret
        if new is None or secret is None:
            item = self.api.read(created.id or "")
            if item is None:
                raise AccessError(
                    f"The token '{name}' (id {created.id}) was created, and is gone when it is read", kind="not_found"
                )
            new, secret = parse(item, "the created token", self.api.account), secret_of(item)
        others = differing(values, new)
        if others:
            shown = new.values()
            found = ", ".join(f"{field} {shown[field]} instead of {values[field]}" for field in others)
            raise self._revoked(change, new, f"the server gave it {found}; declare what it can have")
        if secret is None:
            raise self._revoked(change, new, "its secret is under none of the keys that are known for it")
        self.vault.secrets[new.id] = secret
        try:
            self._hand_over(change.entry, secret)
        except AccessError as error:
            raise self._revoked(change, new, f"its secret could not be saved: {error.message}") from None
        return new

    def _post(self, change: Change, name: str, body: Mapping[str, Any]) -> Created:
        """Create, once: where the answer is lost or tells too little, the listing shows what is new."""
        try:
            created = self.api.create(body)
        except LostAnswer as lost:
            try:
                created = self._find_new(name)
            except AccessError:
                raise lost from None
            if created.id is None:
                raise
        change.begun = True
        if created.id is None:
            found = self._find_new(name, created.secret)
            if found.id is None:
                raise LostAnswer(
                    f"The token '{name}' was created, and the listing does not show it",
                    kind="unknown_outcome",
                    repeat=False,
                )
            created = replace(found, secret=created.secret)
        self._known.add(str(created.id))
        return created

    def _find_new(self, name: str, secret: str | None = None) -> Created:
        """The newest token of that name that was not there before; by its secret where that is known."""
        found = [token for token in self.api.listing() if token.name == name and token.id not in self._known]
        if secret is not None and len(found) > 1:
            found = [token for token in found if secret in (self.api.read(token.id) or {}).values()]
        return Created(newest(found).id) if found else Created()

    def _revoked(self, change: Change, new: Token, why: str) -> AccessError:
        """Delete a token that must not stay, and say why."""
        text = f"The new token '{new.name}' (id {new.id}) was not kept: {why}"
        try:
            self._delete(change, new)
        except AccessError as error:
            text += f". Revoking it failed as well, so delete it by hand: {error.message}"
        return AccessError(text, kind="protocol")

    # --- handing over -------------------------------------------------------------------------------------------

    def _hand_over(self, declared: Declared, secret: str) -> None:
        """Save, and keep for the result: before anything else relies on the new token."""
        if declared["secret_file"]:
            self._files.save(declared["secret_file"], secret + "\n")
        if declared["return_secret"]:
            self.vault.revealed[declared.match] = {"secret": Revealed(secret)}

    def _secret(self, token: Token) -> str:
        known = self.vault.secrets.get(token.id)
        if known is not None:
            return known
        item = self.api.read(token.id)
        secret = None if item is None else secret_of(item)
        if secret is None:
            raise AccessError(
                f"The secret of the token '{token.name}' (id {token.id}) could not be read: the server's answer has it "
                "under none of the keys that are known for it",
                kind="protocol",
            )
        self.vault.secrets[token.id] = secret
        return secret

    def _prove(self, change: Change, new: Token, old: Token) -> None:
        """The new token is active, has the secret that was handed over, and works; else it goes, and the old one stays.

        An error while asking proves nothing: then both stay, and the next run goes on.
        """
        why = self._unproven(change.entry, new, old)
        if why is None:
            return
        declared = change.entry
        self.vault.revealed.pop(declared.match, None)
        if declared["secret_file"]:
            # Back to the old secret first: the file never holds one that is about to be deleted.
            self._files.save(declared["secret_file"], self._secret(old) + "\n")
        raise self._revoked(change, new, f"{why}; the old one is as it was")

    def _unproven(self, declared: Declared, new: Token, old: Token) -> str | None:
        item = self.api.read(new.id)
        if item is None:
            return "it is gone when it is read again"
        if not parse(item, f"token {new.id}", self.api.account).enabled:
            return "it is not active"
        secret = self.vault.secrets.get(new.id)
        if secret is None or secret_of(item) != secret:
            return "reading it again shows another secret"
        file = declared["secret_file"]
        if file and not _holds(file, secret):
            return f"{file} does not hold its secret"
        return self._unusable(secret, new, old)

    def _unusable(self, secret: str, new: Token, old: Token) -> str | None:
        """Use it for a read, where its audience allows one; where scopes forbid it, the old one cannot read either."""
        if ADMIN_AUDIENCE not in new.audience:
            return None
        status = self.api.accepts(secret)
        if status < 300:
            return None
        if status != 401 and (not old.enabled or old.expires_before(self.api.now()) or differing(old.values(), new)):
            return None
        if status != 401 and self.api.accepts(self._secret(old)) >= 300:
            return None
        return f"the server does not accept it (status {status})"

    # --- single calls -------------------------------------------------------------------------------------------

    def _switch(self, change: Change, token: Token, enabled: bool) -> Token:
        self.api.enable(token, enabled)
        change.begun = True
        return replace(token, enabled=enabled, updated=self.api.now())

    def _rename(self, change: Change, token: Token, name: str) -> Token:
        self.api.rename(token.id, token.name, name)
        change.begun = True
        return replace(token, name=name, updated=self.api.now())

    def _delete(self, change: Change, token: Token) -> None:
        self.api.delete(token.id, token.name)
        change.begun = True


def _holds(file: str, secret: str) -> bool:
    try:
        return Path(file).read_text(encoding="utf-8") == secret + "\n"
    except (OSError, UnicodeDecodeError):
        return False


def _body(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The creation's body; what is left out gets the server's default. Its names differ from those of the answers."""
    body: dict[str, Any] = {"name": name, "audience": " ".join(values["audience"])}
    if values.get("scopes") and tuple(values["scopes"]) != DEFAULT_SCOPES:
        body["scopes"] = " ".join(values["scopes"])
    for key in ("user", "owner"):
        if values.get(key):
            body[key] = values[key]
    if values.get("expires_in") is not None:
        body["expiresInSeconds"] = values["expires_in"]
    return body
