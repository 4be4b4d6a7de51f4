# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a request proves who sends it: static headers, session tokens with renewal, signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import fingerprint

# Seconds since the epoch, in the year 9999.
_LAST_MOMENT = 253_402_300_799


class LogIn(NamedTuple):
    """A session token in use, and when it has to be renewed (seconds since the epoch; None: when it is refused)."""

    token: str
    renew_at: float | None


class Auth:
    """No credentials in headers (they may be in the body); base of the others."""

    # The log-in name, or the fingerprint of a key: what results call the identity.
    identity: str = ""

    def secrets(self) -> Iterable[str]:
        """Values that must not appear anywhere."""
        return ()

    def headers(self, body: bytes) -> dict[str, str]:
        """Headers for a request with exactly this body."""
        return {}

    def proof(self, body: bytes) -> tuple[dict[str, str], int]:
        """Headers for a request with exactly this body, and the number of the log-in that they come from."""
        return self.headers(body), 0

    def renew(self, log_in: int) -> bool:
        """After a 401 for a request with the proof of that log-in: whether trying again makes sense."""
        return False

    def log_in_made(self) -> LogIn | None:
        """The log-in in use, for :meth:`go_on` of another one with the same credentials; None where there is none."""
        return None

    def go_on(self, log_in: LogIn) -> None:
        """Use a log-in that is there already."""


def _fit_for_a_header(secret: str) -> bool:
    return secret.isascii() and secret.isprintable() and secret == secret.strip()


class StaticHeader(Auth):
    """One header that never changes."""

    def __init__(self, name: str, secret: str, prefix: str = "") -> None:
        """Raises ValidationError for a secret that no header can carry."""
        if not _fit_for_a_header(secret):
            raise ValidationError(
                f"the token or key for the header {name} has blanks around it, or a character that is not ASCII; look "
                "at the credentials"
            )
        self.name = name
        self._secret = secret
        self._prefix = prefix
        self.identity = fingerprint(secret)

    def secrets(self) -> Iterable[str]:
        return (self._secret,)

    def headers(self, body: bytes) -> dict[str, str]:
        return {self.name: self._prefix + self._secret}


class Granted(NamedTuple):
    """A session token, and the seconds that it lives where the server said so."""

    token: str
    lifetime_s: float | None


class SessionToken(Auth):
    """A token that is fetched once, shared by all threads, and renewed once when the server no longer takes it.

    ``fetch`` logs in and returns the token, with its lifetime where that is not in the token itself; it raises
    AccessError when that fails.
    """

    # A token this close to its own expiry is renewed before it is used.
    margin_s = 60.0

    def __init__(self, name: str, fetch: Callable[[], str | Granted], identity: str, prefix: str = "") -> None:
        self.name = name
        self.identity = identity
        self._fetch = fetch
        self._prefix = prefix
        self._lock = threading.Lock()
        self._token: str | None = None
        self._log_ins = 0
        self._renew_at: float | None = None
        self._refused: AccessError | None = None

    def token(self) -> str:
        """The token in use, fetched when there is none or it is about to expire."""
        return self._current()[0]

    def _current(self) -> tuple[str, int]:
        with self._lock:
            expired = self._renew_at is not None and time.time() > self._renew_at
            token = self._log_in() if self._token is None or expired else self._token
            return token, self._log_ins

    def _log_in(self) -> str:
        if self._refused is not None:
            # Each further try could be the one that locks the account.
            raise AccessError(self._refused.message, **self._refused.failure())
        try:
            fetched = self._fetch()
        except AccessError as error:
            if error.kind == "auth":
                self._refused = error
            raise
        granted = fetched if isinstance(fetched, Granted) else Granted(fetched, None)
        if not _fit_for_a_header(granted.token):
            raise AccessError("The session token that the server gave holds what no header can carry", "protocol")
        self._token = granted.token
        self._log_ins += 1
        self._renew_at = self._when_to_renew(granted)
        return granted.token

    def _when_to_renew(self, granted: Granted) -> float | None:
        now = time.time()
        if granted.lifetime_s is not None:
            # A token that hardly outlives the margin is used for half of its life.
            return now + max(granted.lifetime_s - self.margin_s, granted.lifetime_s / 2)
        expires = claims(granted.token).get("exp")
        # Written so that whole numbers beyond every float do not count either.
        if not isinstance(expires, (int, float)) or not 0 <= expires <= _LAST_MOMENT:
            return None
        # An expiry that is already past when the token is new says that the clocks differ: rely on the 401 then.
        return expires - self.margin_s if expires > now + self.margin_s else None

    def secrets(self) -> Iterable[str]:
        return (self._token,) if self._token else ()

    def headers(self, body: bytes) -> dict[str, str]:
        return self.proof(body)[0]

    def proof(self, body: bytes) -> tuple[dict[str, str], int]:
        token, log_in = self._current()
        return {self.name: self._prefix + token}, log_in

    def renew(self, log_in: int) -> bool:
        with self._lock:
            # Another thread may have renewed since this request was sent; then its token is simply used. Tokens do not
            # tell: two that are made in the same second may be equal.
            if log_in == self._log_ins:
                self._log_in()
        return True

    def log_in_made(self) -> LogIn | None:
        with self._lock:
            return None if self._token is None else LogIn(self._token, self._renew_at)

    def go_on(self, log_in: LogIn) -> None:
        with self._lock:
            self._token, self._renew_at = log_in


class Signature(Auth):
    """A keyed hash over key, body and time, as Devo's provisioning API wants it.

    Source: "Authorizing Provisioning API Requests" of the vendor's documentation; headers ``x-logtrust-*``.
    """

    def __init__(self, key_header: str, key: str, secret: str, now_ms: Callable[[], int] | None = None) -> None:
        if not _fit_for_a_header(key):
            raise ValidationError("api_key has blanks around it, or a character that is not ASCII; look at it")
        self.identity = fingerprint(key)
        self._key_header = key_header
        self._key = key
        self._secret = secret
        self._now_ms = now_ms or (lambda: int(time.time() * 1000))

    def secrets(self) -> Iterable[str]:
        return (self._key, self._secret)

    def headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(self._now_ms())
        message = self._key.encode("utf-8") + body + timestamp.encode("ascii")
        sign = hmac.new(self._secret.encode("utf-8"), message, hashlib.sha256).hexdigest()
        return {
            self._key_header: self._key,
            "x-logtrust-timestamp": timestamp,
            "x-logtrust-sign": sign,
        }


def basic(username: str, password: str) -> str:
    """What stands behind ``Basic`` in a header ``Authorization``, in UTF-8."""
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def claims(token: str) -> dict[str, Any]:
    """The claims of a JSON web token, not verified (only its issuer could); empty for an opaque token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}
