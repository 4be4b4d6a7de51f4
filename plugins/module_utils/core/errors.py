# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One family of exceptions. Each knows its kind and how to report itself; none carries a secret knowingly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

KINDS = (
    "auth",
    "permission",
    "not_found",
    "conflict",
    "validation",
    "quota",
    "rate_limit",
    "timeout",
    "connection",
    "protocol",
    "server",
    "unknown_outcome",
)


# Parts what happened from what to do about it.
NEXT = ". Next: "


class AccessError(Exception):
    """Something that a person has to know about.

    ``message`` is one readable sentence: what was tried, on what, what the server said, what to do next.
    The other arguments are for programs and end up in the result's ``failure``.
    """

    kind = "protocol"

    def __init__(
        self,
        message: str,
        kind: str | None = None,
        status: int | None = None,
        method: str | None = None,
        url: str | None = None,
        request_id: str | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        if kind is not None:
            self.kind = kind
        self.status = status
        self.method = method
        self.url = url
        self.request_id = request_id
        self.retryable = retryable

    @property
    def facts(self) -> str:
        """The message without what to do next."""
        return self.message.partition(NEXT)[0]

    def add(self, fact: str) -> None:
        """Say more about what happened; what to do next stays at the end."""
        facts, mark, advice = self.message.partition(NEXT)
        self.message = facts + fact + mark + advice

    def failure(self) -> dict[str, Any]:
        """The result's ``failure``: ``{kind, status, method, url, request_id, retryable}``."""
        return {
            "kind": self.kind,
            "status": self.status,
            "method": self.method,
            "url": self.url,
            "request_id": self.request_id,
            "retryable": self.retryable,
        }


class ValidationError(AccessError):
    """What was declared cannot be right, or contradicts itself. Nothing was sent."""

    kind = "validation"


class Refused(AccessError):
    """The plan would do something that was not allowed explicitly (a limit, a protected account, a conflict)."""

    kind = "conflict"


class Refusal(str):
    """One reason why a plan is not carried out: a sentence, and the kind of failure that it makes of the task."""

    __slots__ = ("kind",)
    kind: str

    def __new__(cls, text: str, kind: str = Refused.kind) -> Refusal:
        refusal = super().__new__(cls, text)
        refusal.kind = kind
        return refusal

    @classmethod
    def invalid(cls, text: str) -> Refusal:
        """What was declared cannot be right, so that no other state of the platform would help."""
        return cls(text, ValidationError.kind)


def kind_of_refusals(refusals: Sequence[str]) -> str:
    """The kind of failure that several reasons make: that of the first, which the message begins with."""
    return refusals[0].kind if refusals and isinstance(refusals[0], Refusal) else Refused.kind


class WriteRefused(AccessError):
    """A write was tried where none is allowed, as in check mode: a bug of the caller, stopped by the transport."""

    kind = "protocol"


class LostAnswer(AccessError):
    """A write was sent and its answer never came whole: it may or may not have been carried out."""

    kind = "unknown_outcome"

    def __init__(self, message: str, **details: Any) -> None:
        # What broke (timeout, connection, server, protocol); it is the kind of failure once a re-read has shown
        # that nothing was written.
        self.cause_kind: str = details.pop("cause_kind", "connection")
        # False: the server did answer, so that sending it again is pointless; only reading again can settle it.
        self.repeat: bool = details.pop("repeat", True)
        # What to say once a re-read has shown that nothing was written.
        self.not_done: str = details.pop("not_done", message)
        super().__init__(message, **details)

    @classmethod
    def to_settle(cls, error: AccessError) -> LostAnswer:
        """For a failure that the server stated, which only reading can settle: it may be just what was wanted."""
        return cls(error.message, **{**error.failure(), "kind": cls.kind, "cause_kind": error.kind, "repeat": False})
