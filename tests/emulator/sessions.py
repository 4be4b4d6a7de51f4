# SPDX-License-Identifier: GPL-3.0-or-later
"""Session tokens that a server hands out and later recognises."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

import jwt

from .platform import Clock

_KEY = "emulator-signing-key-that-no-client-has"
Owner = TypeVar("Owner")


class Sessions(Generic[Owner]):
    """Tokens with their owner and their end, by the emulator's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._live: dict[str, tuple[Owner, float]] = {}
        self._ever: set[str] = set()

    def issue(self, owner: Owner, life_s: float, claims: Mapping[str, Any] | None = None) -> str:
        """A new token: a JWT (HS256) with these claims, or an opaque one without claims."""
        token = secrets.token_hex(24) if claims is None else jwt.encode(dict(claims), _KEY, "HS256")
        self._live[token] = (owner, self._clock.now() + life_s)
        self._ever.add(token)
        return token

    def find(self, token: str) -> tuple[Owner, float] | None:
        """Owner and end of a token that is known and has not ended."""
        session = self._live.get(token)
        return session if session is not None and session[1] > self._clock.now() else None

    def expire(self) -> None:
        """Forget every token issued so far."""
        self._live.clear()

    def ever_issued(self) -> Iterator[str]:
        return iter(self._ever)
