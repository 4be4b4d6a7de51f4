# SPDX-License-Identifier: GPL-3.0-or-later
"""What is expected of every fault: rules by fault and call, and exceptions by platform, each with its reason.

The tests hold every module to it, and docs/faults.md is written from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

# What a request is for.
LOG_IN, READ, WRITE, PROOF = "log-in", "read", "write", "proof"
# Reading between two writes of one object, which only some changes do: it goes by the rules for reading.
BETWEEN = "between"
# Trying a user's password by a log-in: tested with the module that does so.
PROBE = "probe"
CALLS = {
    LOG_IN: "log-in",
    READ: "reading before anything is written",
    WRITE: "writing",
    PROOF: "reading back what was written",
}
# How long a fault lasts: it is there for one request, or for that request and all its repetitions.
ONCE, LASTING = "once", "lasting"


@dataclass(frozen=True)
class Outcome:
    """How a task ends, or that object's part of it."""

    # The failure's kind; None: the task does what was declared.
    failure: str | None
    # What the documentation calls it.
    text: str
    # How often the request is sent, where that is fixed.
    sent: int | None = None
    # Whether it takes a second log-in.
    renews: bool = False
    # What that means.
    about: str = ""


def failed(kind: str, sent: int | None = None) -> Outcome:
    """It fails, and nothing was done."""
    return Outcome(kind, f"`{kind}`", sent)


UNHARMED = Outcome(None, "no effect", sent=1, about="the request is answered as ever")
REPEATED = Outcome(
    None,
    "repeated",
    sent=2,
    about="the request is sent again, up to `api_retries` times, after a wait that doubles or that the server asks for",
)
RENEWED = Outcome(
    None, "new log-in", sent=2, renews=True, about="one log-in for all threads, and the request is sent again, once"
)
SETTLED = Outcome(
    None, "settled by reading", sent=1, about="the object is read again, which shows that the write was done"
)
SENT_AGAIN = Outcome(
    None,
    "read, then sent again",
    sent=2,
    about="the object is read again, which shows that nothing was done; then the write is sent again, at most twice",
)
UNKNOWN = Outcome(
    "unknown_outcome",
    "`unknown_outcome`",
    about="it was sent, and reading could not tell what became of it; the message says so, and what to look at. The "
    "next run reads first, and goes on from what there is",
)
EMPTY = Outcome(None, "an empty list", sent=1, about="the answer is taken for one")
OTHER_FORM = Outcome(None, "another form", about="the API has several forms of the call, and the next one is tried")

# An outcome where the fault is there once, and where it lasts.
Pair = tuple[Outcome, Outcome]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, and what is expected of each call."""

    title: str
    # As the emulator takes it.
    wire: Mapping[str, Any]
    outcomes: Mapping[str, Pair]
    # Whether it is about time: a short api_timeout is needed.
    slow: bool = False


def _both(outcome: Outcome) -> Pair:
    return outcome, outcome


def _transient(kind: str, write: Pair) -> dict[str, Pair]:
    """What goes by itself: everything that changes nothing is repeated."""
    reading = (REPEATED, failed(kind))
    return {LOG_IN: reading, READ: reading, WRITE: write, PROOF: (REPEATED, UNKNOWN)}


def _not_done(kind: str) -> dict[str, Pair]:
    """Transient, and a write is not done, which its answer does not tell."""
    return _transient(kind, (SENT_AGAIN, failed(kind)))


def _done(kind: str) -> dict[str, Pair]:
    """Transient, and a write is done, which its answer does not tell."""
    return _transient(kind, _both(SETTLED))


def _wrong(write: Pair, kind: str = "protocol") -> dict[str, Pair]:
    """Wrong in a way that no repetition mends."""
    reading = _both(failed(kind, sent=1))
    return {LOG_IN: reading, READ: reading, WRITE: write, PROOF: _both(UNKNOWN)}


_THROTTLED = _transient("rate_limit", (REPEATED, failed("rate_limit")))

FAULTS: dict[str, Fault] = {
    "429": Fault("429", {"kind": "status", "status": 429}, _THROTTLED),
    "429-seconds": Fault(
        "429 with `Retry-After` in seconds", {"kind": "status", "status": 429, "retry_after": "2"}, _THROTTLED
    ),
    "429-date": Fault(
        "429 with `Retry-After` as a date", {"kind": "status", "status": 429, "retry_after": "date:+6"}, _THROTTLED
    ),
    "429-day": Fault(
        "429 with a `Retry-After` of a day",
        {"kind": "status", "status": 429, "retry_after": "86400"},
        _wrong(_both(failed("rate_limit", sent=1)), "rate_limit"),
    ),
    "500": Fault("500", {"kind": "status", "status": 500}, _not_done("server")),
    "502": Fault("502, an HTML page", {"kind": "status", "status": 502}, _not_done("server")),
    "503": Fault("503, an HTML page", {"kind": "status", "status": 503}, _not_done("server")),
    "504": Fault("504, an HTML page", {"kind": "status", "status": 504}, _not_done("server")),
    "503-after": Fault("503, although it was done", {"kind": "status", "status": 503, "after": True}, _done("server")),
    "reset-before": Fault("connection reset before it was done", {"kind": "reset_before"}, _not_done("connection")),
    "reset-after": Fault("connection reset instead of the answer", {"kind": "reset_after"}, _done("connection")),
    "truncate": Fault("connection closed in mid-answer", {"kind": "truncate"}, _done("connection")),
    "delay": Fault("no answer within `api_timeout`", {"kind": "delay", "seconds": 60}, _done("timeout"), slow=True),
    "drip": Fault(
        "an answer byte by byte, beyond 10 × `api_timeout`",
        {"kind": "drip", "bytes_per_s": 20},
        _done("timeout"),
        slow=True,
    ),
    "drip-headers": Fault(
        "headers byte by byte, beyond 10 × `api_timeout`",
        {"kind": "drip_headers", "bytes_per_s": 20},
        _done("timeout"),
        slow=True,
    ),
    "401": Fault(
        "401",
        {"kind": "status", "status": 401},
        {
            LOG_IN: _both(failed("auth", sent=1)),
            READ: (RENEWED, failed("auth", sent=2)),
            WRITE: (RENEWED, failed("auth", sent=2)),
            PROOF: (RENEWED, UNKNOWN),
        },
    ),
    "expire": Fault(
        "the session ended",
        {"kind": "expire"},
        {
            LOG_IN: _both(UNHARMED),
            READ: (RENEWED, failed("auth")),
            WRITE: (RENEWED, failed("auth")),
            PROOF: (RENEWED, UNKNOWN),
        },
    ),
    "403": Fault(
        "403",
        {"kind": "status", "status": 403},
        {
            LOG_IN: _both(failed("auth", sent=1)),
            READ: _both(failed("permission", sent=1)),
            WRITE: _both(failed("permission", sent=1)),
            PROOF: _both(UNKNOWN),
        },
    ),
    "404": Fault("404", {"kind": "status", "status": 404}, _wrong(_both(failed("not_found", sent=1)), "not_found")),
    "html": Fault("200 with a log-in page", {"kind": "html"}, _wrong((SENT_AGAIN, failed("protocol")))),
    "redirect": Fault(
        "a redirect to another host",
        {"kind": "redirect", "location": "https://elsewhere.example.com/"},
        _wrong(_both(failed("protocol", sent=1))),
    ),
    "truncate-short": Fault(
        "half of the answer as if that were all", {"kind": "truncate", "short": True}, _wrong(_both(SETTLED))
    ),
    "empty": Fault("200 without a body", {"kind": "empty"}, _wrong(_both(SETTLED))),
    "wrong-type": Fault("an object for a list, a list for an object", {"kind": "wrong_type"}, _wrong(_both(SETTLED))),
    "invalid-utf8": Fault("an answer that is no UTF-8", {"kind": "invalid_utf8"}, _wrong(_both(SETTLED))),
    "big": Fault("an answer of 50 MB", {"kind": "big"}, _wrong(_both(SETTLED))),
    "big-streamed": Fault(
        "an answer of 50 MB, length unknown", {"kind": "big", "streamed": True}, _wrong(_both(SETTLED))
    ),
    "gzip-bomb": Fault("a gzip bomb", {"kind": "gzip_bomb"}, _wrong(_both(SETTLED))),
}


@dataclass(frozen=True)
class Special:
    """Where a platform or a kind differs from the rules."""

    # Kinds of objects (modules), platforms, or NO_SESSION.
    where: frozenset[str]
    calls: frozenset[str]
    # Who that is, in words, and why.
    who: str
    reason: str
    # None: as the rules have it.
    once: Outcome | None = None
    lasting: Outcome | None = None
    # Empty: all.
    faults: frozenset[str] = frozenset()
    # What the change does: create, update, replace, delete. Empty: all.
    actions: frozenset[str] = frozenset()
    # Searched in method and path.
    request: str = ""


def _set(*names: str) -> frozenset[str]:
    return frozenset(names)


_EVERY = frozenset(CALLS)
# Where a task never logs in: nobody has to say so of a platform.
NO_SESSION = "no session"
_THROTTLING = _set("429", "429-seconds", "429-date")
_LOST_UNDONE = _set("500", "502", "503", "504", "reset-before", "html")

SPECIALS: tuple[Special, ...] = (
    Special(
        _set("dbsync"),
        _set(WRITE),
        "DBSync",
        "A registration spends a year's quota, and is never sent a second time",
        once=failed("rate_limit", sent=1),
        lasting=failed("rate_limit", sent=1),
        faults=_THROTTLING,
        actions=_set("create"),
    ),
    Special(
        _set("dbsync", "alteryx", "devo_tokens"),
        _set(WRITE),
        "New DBSync users, Alteryx subscriptions and Devo tokens",
        "Sent again, it could cost or make a second one: reading soon after does not prove that nothing was done",
        once=UNKNOWN,
        lasting=UNKNOWN,
        faults=_LOST_UNDONE,
        actions=_set("create", "replace"),
        request="^POST ",
    ),
    Special(
        _set(NO_SESSION),
        _set(READ, WRITE),
        "DBSync and Devo",
        "Key and token are no session that could be renewed",
        once=failed("auth", sent=1),
        lasting=failed("auth", sent=1),
        faults=_set("401"),
    ),
    Special(
        _set(NO_SESSION),
        _set(PROOF),
        "DBSync and Devo",
        "Key and token are no session that could be renewed",
        once=UNKNOWN,
        faults=_set("401"),
    ),
    Special(
        _set(NO_SESSION),
        _EVERY,
        "DBSync and Devo",
        "There is no session that could end",
        once=UNHARMED,
        lasting=UNHARMED,
        faults=_set("expire"),
    ),
    Special(
        _set("alteryx"),
        _set(LOG_IN),
        "Alteryx",
        "The key pair goes in a header first, and in the form where that is refused",
        once=replace(OTHER_FORM, sent=2),
        faults=_set("401", "403"),
    ),
    Special(
        _set("dbsync"),
        _set(READ, WRITE),
        "DBSync",
        "No document names a 404, and an address that is wrong must not look like a user who is absent",
        once=failed("protocol", sent=1),
        lasting=failed("protocol", sent=1),
        faults=_set("404"),
    ),
    Special(
        _set("alteryx", "datasentinel"),
        _set(WRITE),
        "Removing something from Alteryx or Datasentinel",
        "A 404 says that it is gone already; reading back shows that it is not",
        once=failed("protocol", sent=1),
        lasting=failed("protocol", sent=1),
        faults=_set("404"),
        request="^DELETE ",
    ),
    Special(
        _set("devo_domain_users"),
        _set(WRITE),
        "Roles of Devo's users",
        "The calls are not documented well, and there are several",
        once=OTHER_FORM,
        lasting=OTHER_FORM,
        faults=_set("404"),
        request="^(PUT .*/role/[^/]+|DELETE .*/role)$",
    ),
    Special(
        _set("devo_domain_users"),
        _set(WRITE),
        "Roles of Devo's users",
        "The last form of the call is tried with every body that may be meant",
        once=failed("not_found"),
        lasting=failed("not_found"),
        faults=_set("404"),
        request="^PUT .*/role$",
    ),
    Special(
        _set("datasentinel"),
        _set(BETWEEN),
        "Reading a Datasentinel user between two writes",
        "Whatever is read next logs in anew",
        once=replace(RENEWED, sent=None),
        faults=_set("expire"),
    ),
    Special(
        _set("datasentinel"),
        _set(BETWEEN),
        "Reading a Datasentinel user between two writes",
        "The first one may have done all, which the list of users tells as well",
        once=replace(SETTLED, sent=None),
        lasting=replace(SETTLED, sent=None),
    ),
    Special(
        _set("dqm"),
        _set(READ),
        "DQM",
        "Its documents leave open whether the list stands alone, so an empty one is believed",
        once=EMPTY,
        lasting=EMPTY,
        faults=_set("wrong-type"),
    ),
)


@dataclass(frozen=True)
class At:
    """A request that something happens to."""

    # The kind of objects and its platform, and NO_SESSION where that is so.
    places: frozenset[str]
    call: str
    # Method and path.
    request: str
    # What the change does that it belongs to.
    action: str

    def concerns(self, special: Special) -> bool:
        """Whether the exception is about it."""
        return (
            bool(self.places & special.where)
            and self.call in special.calls
            and (not special.actions or self.action in special.actions)
            and re.search(special.request, self.request) is not None
        )


def expected(at: At, fault: str, how_long: str) -> Outcome:
    """The outcome of a fault at a request."""
    once = how_long == ONCE
    as_reading = replace(at, call=READ) if at.call == BETWEEN else at
    for special in SPECIALS:
        if (at.concerns(special) or as_reading.concerns(special)) and (not special.faults or fault in special.faults):
            outcome = special.once if once else special.lasting
            if outcome is not None:
                return outcome
    return FAULTS[fault].outcomes[as_reading.call][0 if once else 1]


LEGEND = (UNHARMED, REPEATED, RENEWED, SETTLED, SENT_AGAIN, OTHER_FORM, EMPTY, UNKNOWN)
