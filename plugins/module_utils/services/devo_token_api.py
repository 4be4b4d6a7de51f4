# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of Devo's token API, and a token as it comes over the wire.

Sources: the vendor's draft of the "Provisioning API" page with ``/v2/accounts/{account}/tokens``, and "Basic operations
in the Credentials API". What both leave open is in a constant or a named function here: the key of the secret, the
answer to a creation, the body of a renaming, how permanent tokens read back.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.auth import StaticHeader
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection
from ansible_collections.dataops.access.plugins.module_utils.services.devo import tokens_path

PERMANENT = -1
# What a token gets when the creation does not say: seconds, scopes.
DEFAULT_LIFETIME = 86400
DEFAULT_SCOPES = ("default",)

# Tokens with this audience may use the token API itself.
ADMIN_AUDIENCE = "apiv2-admin"

# What a listing shows of a token, by the vendor's example and the names that a creation takes.
_LISTED_KEYS = frozenset(
    (
        *("name", "id", "scope", "scopes", "owner", "user", "audience", "token_type", "active", "expiration"),
        *("account", "created", "updated", "expires_in_seconds", "expiresInSeconds"),
    )
)
# "Returns all the information of a single token, including the actual token", under a key that no document names.
SECRET_KEYS = ("token", "access_token", "accessToken", "value", "secret", "token_value", "tokenValue")
# The rename body is not documented. The first is the key of creation and listing.
RENAME_KEYS = ("name", "newName", "tokenName", "new_name")

# A moment in milliseconds since the epoch is far above every one in seconds.
_MILLISECONDS_FROM = 100_000_000_000
# The year 9999, the last that can be written.
_LAST_MOMENT = 253_402_300_799


@dataclass(frozen=True)
class Token:
    """A token without its secret. Moments are seconds since the epoch."""

    id: str
    # The id as the API gives it: an integer in all samples.
    number: Any
    name: str
    account: str
    audience: list[str]
    scopes: list[str]
    user: str
    owner: str
    enabled: bool
    created: float | None
    updated: float | None
    expiration: float | None
    # Seconds from creation to expiration; PERMANENT, or None where the answer does not tell.
    lifetime: int | None

    def expires_before(self, moment: float) -> bool:
        """Whether it is no longer valid at ``moment``."""
        return self.expiration is not None and self.expiration <= moment

    def values(self) -> dict[str, Any]:
        """The result's fields."""
        return {
            "id": self.number,
            "name": self.name,
            "account": self.account,
            "audience": self.audience,
            "scopes": self.scopes,
            "user": self.user,
            "owner": self.owner,
            "enabled": self.enabled,
            "created": iso(self.created),
            "updated": iso(self.updated),
            "expiration": iso(self.expiration),
            "expires_in": self.lifetime,
        }


@dataclass(frozen=True)
class Created:
    """What the answer to a creation told: each part may be missing."""

    id: str | None = None
    secret: str | None = None
    token: Token | None = None


class TokenApi:
    """The tokens of one account."""

    def __init__(self, client: Client, connection: Connection, account: str) -> None:
        self.client = client
        self.account = account
        self._connection = connection
        # The server's time minus this host's, as its answers' Date told last.
        self._ahead = 0.0

    def now(self) -> float:
        """The server's time, in seconds since the epoch: expirations are its own, and clocks differ."""
        return time.time() + self._ahead

    def _path(self, *segments: str) -> str:
        return tokens_path(self._connection, self.account, *segments)

    # --- reading ----------------------------------------------------------------------------------------------

    def listing(self) -> list[Token]:
        """All tokens of the account: one array, without paging and without any secret."""
        answer = self.client.read(f"list the tokens of account '{self.account}'", "GET", self._path())
        self._read_clock(answer)
        items = wire.records(answer.data, "tokens")
        return [parse(item, f"tokens[{place}]", self.account) for place, item in enumerate(items)]

    def _read_clock(self, answer: Answer) -> None:
        try:
            self._ahead = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError):
            return  # without a readable Date this host's clock has to do

    def read(self, token_id: str) -> Mapping[str, Any] | None:
        """One token, its secret included; None when it is gone.

        Which failure an unknown id gets is not documented: 404 and 400 both say so, since the path was right for the
        listing.
        """
        what = f"read the token with the id {token_id}"
        answer = self.client.read(what, "GET", self._path(token_id), answered=(400, 404))
        if not answer.ok:
            return None
        return about(token_id, answer.data, self.client.redactor)

    def accepts(self, secret: str) -> int:
        """The status that a listing with this token as the bearer gets."""
        answer = self.client.read(
            "use the new token for a read",
            "GET",
            self._path(),
            answered=(400, 401, 403, 404),
            auth=StaticHeader("Authorization", secret, "Bearer "),
        )
        return answer.status

    # --- writing ----------------------------------------------------------------------------------------------

    def create(self, body: Mapping[str, Any]) -> Created:
        """``POST …/tokens``. "Creating a token returns the …": the page ends there, so any JSON will do."""
        answer = self.client.write(f"create the token '{body['name']}'", "POST", self._path(), json=body)
        data = answer.data
        if isinstance(data, str):
            data = {SECRET_KEYS[0]: data}
        if not isinstance(data, dict):
            return Created()
        secret = secret_of(data)
        self.client.redactor.add(secret)
        whole = "audience" in data and "active" in data and data.get("id") is not None
        token = parse(data, "the created token", self.account) if whole else None
        number = data.get("id")
        return Created(None if number is None else str(number), secret, token)

    def enable(self, token: Token, enabled: bool) -> None:
        """``PUT …/{id}/enable`` or ``/disable``, without a body. What a second time does is not documented."""
        verb = "enable" if enabled else "disable"
        self.client.write(f"{verb} the token '{token.name}'", "PUT", self._path(token.id, verb))

    def rename(self, token_id: str, name: str, new: str) -> None:
        """``PUT …/{id}/rename``. A 400 may mean that the new name came under another key than the server looks for."""
        what = f"rename the token '{name}' to '{new}'"
        first: AccessError | None = None
        for key in RENAME_KEYS:
            try:
                self.client.write(what, "PUT", self._path(token_id, "rename"), json={key: new})
            except LostAnswer:
                raise
            except AccessError as error:
                if error.status not in (400, 422):
                    raise
                first = first or error
            else:
                return
        if first is not None:
            raise first

    def delete(self, token_id: str, name: str) -> None:
        """``DELETE …/{id}``. What it answers for a token that is gone is not documented: reading again tells."""
        what = f"delete the token '{name}' (id {token_id})"
        try:
            self.client.write(what, "DELETE", self._path(token_id))
        except LostAnswer:
            raise
        except AccessError as error:
            if error.kind not in ("validation", "conflict", "not_found"):
                raise
            if any(token.id == token_id for token in self.listing()):
                raise error from None


def about(token_id: str, data: Any, redactor: Redactor) -> Mapping[str, Any]:
    """The answer to reading one token. Raises AccessError for one about something else, which proves nothing of it."""
    where = f"token {token_id}"
    item = wire.record(data, where)
    redactor.add(secret_of(item))
    if str(item.get("id")) != token_id:
        raise wire.protocol_error(f"{where}.id", f"'{token_id}'", item.get("id"))
    return item


def shows_no_secret(item: Mapping[str, Any]) -> bool:
    """Whether reading a token gave nothing beyond what the listing gives, so that its value is not among it."""
    return all(key in _LISTED_KEYS or not isinstance(value, str) or not value for key, value in item.items())


def secret_of(item: Mapping[str, Any]) -> str | None:
    """The token itself, under any of the keys that it may have."""
    for key in SECRET_KEYS:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return None


def parse(item: Mapping[str, Any], where: str, account: str) -> Token:
    """A token of an answer. ``account``: what to call its account where the answer does not."""
    enabled = wire.flag(item, "active")
    if enabled is None:
        raise wire.protocol_error(f"{where}.active", "true or false", item.get("active"))
    created = _moment(item, "created", where)
    expiration = _moment(item, "expiration", where)
    return Token(
        id=wire.identifier(item, "id", where),
        number=item["id"],
        name=wire.text(item, "name", where),
        account=wire.text(item, "account", where, default=account),
        audience=_words(item, "audience", where),
        # How default scopes read back is not documented; to leave them out means "default".
        scopes=_words(item, "scope", where) or list(DEFAULT_SCOPES),
        user=wire.text(item, "user", where, default=""),
        owner=wire.text(item, "owner", where, default=""),
        enabled=enabled,
        created=created,
        updated=_moment(item, "updated", where),
        expiration=expiration,
        lifetime=_lifetime(item, created, expiration),
    )


def _words(item: Mapping[str, Any], key: str, where: str) -> list[str]:
    """Words of one string, which come in any order."""
    return sorted(set(wire.text(item, key, where, default="").split()))


def _lifetime(item: Mapping[str, Any], created: float | None, expiration: float | None) -> int | None:
    """Seconds from creation to expiration.

    ``expires_in_seconds`` may count from creation or from now, so it only helps where a moment is missing. A permanent
    token may have null, -1 or nothing in both fields.
    """
    if created is not None and expiration is not None:
        return round(expiration - created)
    seconds = item.get("expires_in_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return PERMANENT if expiration is None else None
    return round(seconds) if seconds >= 0 else PERMANENT


def _moment(item: Mapping[str, Any], key: str, where: str) -> float | None:
    """``2024-11-26T14:38:18.000+0000``, another ISO 8601 spelling or milliseconds; None for null, -1 and absent."""
    value = item.get(key)
    if value is None or value in ("", -1, "-1"):
        return None
    moment: float | None = None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1000 * _LAST_MOMENT:
        moment = value / 1000 if value >= _MILLISECONDS_FROM else float(value)
    if isinstance(value, str):
        moment = _read_moment(value)
    if moment is not None and 0 <= moment <= _LAST_MOMENT:
        return moment
    raise wire.protocol_error(f"{where}.{key}", "a time such as 2024-11-26T14:38:18.000+0000", value)


@lru_cache(maxsize=1_000)  # many tokens were made in one second
def _read_moment(text: str) -> float | None:
    for pattern in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        with suppress(ValueError):
            return datetime.strptime(text, pattern).timestamp()  # noqa: DTZ007 - both patterns end with the zone
    return None


@lru_cache(maxsize=1_000)
def iso(moment: float | None) -> str | None:
    """Seconds since the epoch as ISO 8601 in UTC."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
