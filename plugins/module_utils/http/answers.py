# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server answered: parsing that survives anything, and the message in an error whatever its shape."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    NEXT,
    AccessError,
    ValidationError,
)

_KINDS = {
    400: "validation",
    401: "auth",
    402: "quota",
    403: "permission",
    404: "not_found",
    408: "timeout",
    409: "conflict",
    412: "conflict",
    422: "validation",
    429: "rate_limit",
}
_NEXT = {
    "auth": "check the credentials and whether they belong to this server",
    "permission": "give the account in use the right for this; an address that is no part of the API may answer so too",
    "not_found": "check api_url; an address that does not exist is never read as 'absent'",
    "conflict": "look at the object on the platform, then run it again",
    "validation": "correct what the server names; where it names nothing, its log or its support does",
    "quota": "give back what nobody needs, or ask the vendor for more",
    "rate_limit": "set api_rate_limit (requests a second) or lower api_concurrency, or run it later",
    "timeout": "run it again; where it happens often, raise api_timeout, or look at the server",
    "connection": "check api_url, api_proxy and the network",
    "server": "look at the server's log or status page, then run it again",
}
_LONGEST_QUOTE = 300
# So much of what a server said is looked at for a message, and so much less where a secret may have been cut in two.
_LOOKED_AT = 20_000
_CUT_OFF = 5_000
_DEEPEST = 50
# What json makes, and no class derived from it.
_CONTAINERS = frozenset((dict, list))
# What a server says that says nothing of its own.
_PHRASES = {status.value: status.phrase.lower() for status in HTTPStatus}
# A listing of 100,000 users has some 200,000 objects and lists, and 2 million values. Each takes many times the memory
# and the time of its bytes, so that more of them than this are not even parsed.
_MOST_CONTAINERS = 1_000_000
_MOST_VALUES = 5_000_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NO_SEGMENT = ("", ".", "..")
_BAD_SEGMENT = re.compile(r"[/\\\x00-\x1f\x7f]")
_IN_NO_ADDRESS = re.compile(f"{_BAD_SEGMENT.pattern}|{_SURROGATE.pattern}")


@dataclass(frozen=True)
class Answer:
    """A complete answer. ``data``: the parsed JSON; None when the body is empty or is not JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any = None
    # The text of a body that is not JSON; empty otherwise.
    text: str = ""
    # Takes secrets out of what is quoted. Before it is shortened: half a secret is not recognised any more.
    redact: Callable[[str], str] = field(default=str, repr=False, compare=False)
    # How often it was asked for.
    tries: int = 1

    @property
    def is_json(self) -> bool:
        """Whether the body was JSON."""
        return not self.text and self.data is not None

    @property
    def is_null(self) -> bool:
        """Whether the body was JSON's null, which says that there is nothing, unlike an empty body."""
        return self.text == "null"

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300

    @property
    def says_more(self) -> bool:
        """Whether it says more than its status does."""
        return self.message().rstrip(".").lower() not in ("", _PHRASES.get(self.status, ""))

    def message(self) -> str:
        """What the server said about an error, whatever the shape: one short line, safe for a terminal."""
        return one_line(
            _quotable(_find_message(self.data), self.redact) or _readable(_quotable(self.text, self.redact))
        )


def parse(status: int, headers: Mapping[str, str], body: bytes, redact: Callable[[str], str] = str) -> Answer:
    """Bytes to Answer. Never raises: what is not JSON ends up in ``text``. ``redact``: for what messages quote."""
    if not body.strip():
        return Answer(status, headers, redact=redact)
    try:
        _check_size(body)
        data = json.loads(
            body.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_object
        )
        _check_depth(data)
    except (ValueError, RecursionError):
        return Answer(status, headers, text=body[:_LOOKED_AT].decode("utf-8", "replace"), redact=redact)
    if data is None:
        return Answer(status, headers, text="null", redact=redact)
    return Answer(status, headers, data=data, redact=redact)


def _quotable(text: str, redact: Callable[[str], str]) -> str:
    """The beginning of ``text`` without secrets. Half a secret is not recognised, so what is cut ends well before."""
    redacted = redact(text[:_LOOKED_AT])
    return redacted if len(text) < _LOOKED_AT else redacted[:-_CUT_OFF]


def _check_size(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") > _MOST_CONTAINERS or body.count(b",") > _MOST_VALUES:
        raise ValueError("too many values")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all there once; said twice alike is harmless, said in two ways means nothing."""
    found = dict(pairs)
    if len(found) != len(pairs) and any(found[key] != value for key, value in pairs):
        raise ValueError("a key stands twice")
    return found


def _check_depth(data: Any) -> None:
    """Refuse what is nested deeper than any API nests: everything that walks through it later would have to care."""
    level = [data] if type(data) in _CONTAINERS else []
    for _depth in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if type(inner) in _CONTAINERS
        ]
        if not level:
            return
    raise ValueError("nested too deep")


def _finite(numeral: str) -> float:
    value = float(numeral)
    if math.isinf(value):
        raise ValueError(f"{numeral} is too large")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _find_message(data: Any, depth: int = 0) -> str:
    if depth > 4:
        return ""
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "; ".join(filter(None, (_find_message(item, depth + 1) for item in data[:5])))
    if not isinstance(data, dict):
        return ""
    for key in (
        "object",  # Devo: {"error": "Bad request", "cid": …, "object": ["what is wrong"]}
        "error",
        "error_description",
        "message",
        "Message",
        "errorMessage",
        "errorMsg",
        "msg",
        "detail",
        "errors",
    ):
        found = _find_message(data.get(key), depth + 1)
        if found:
            return found + _model_state(data)
    return ""


def _model_state(data: Mapping[str, Any]) -> str:
    state = data.get("modelState")
    if not isinstance(state, dict):
        return ""
    return " (" + "; ".join(f"{key}: {_find_message(value, 1)}" for key, value in state.items()) + ")"


def _readable(text: str) -> str:
    return re.sub(r"<[^>]{0,500}>", " ", text[:5000])


def one_line(text: str) -> str:
    """``text`` without control characters or line breaks, cut to a readable length."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + " …"


def kind_of(status: int) -> str:
    """The kind of failure that a status means when nothing else is known."""
    if status >= 500:
        return "server"
    return _KINDS.get(status, "validation" if status >= 400 else "protocol")


def next_step(kind: str) -> str:
    """What to do about a failure of that kind; empty when only the message can tell."""
    return _NEXT.get(kind, "")


def path(*segments: str) -> str:
    """A URL path of quoted segments: ``path("users", "a+b@example.com")`` is ``/users/a%2Bb@example.com``.

    Raises ValidationError for a segment that would change the path's meaning (empty, ``.``, ``..``, a slash).
    """
    return "".join("/" + _segment(segment) for segment in segments)


def fits_an_address(name: str) -> bool:
    """Whether an address can carry a name that a server lists."""
    return name not in _NO_SEGMENT and _IN_NO_ADDRESS.search(name) is None


def _misleads(segment: str) -> bool:
    return segment in _NO_SEGMENT or _BAD_SEGMENT.search(segment) is not None


def _segment(segment: str) -> str:
    if _misleads(segment):
        raise ValidationError(
            f"'{one_line(segment)}' cannot be part of an address: it is empty, a dot path, or holds a slash or a "
            "control character; correct the name in the declared state"
        )
    if _SURROGATE.search(segment):
        raise ValidationError(f"'{segment!a}' is not valid Unicode; correct the name in the declared state")
    return quote(segment, safe="@")


def error(
    answer: Answer, what: str, method: str, url: str, kind: str, advice: str = "", message: str | None = None
) -> AccessError:
    """The error for an answer that means failure. ``what``: "create user 'ana@example.com'"."""
    said = one_line(answer.redact(message)) if message else answer.message()
    said = said.removeprefix(f"{answer.status} ")
    quoted = f": {said.rstrip('.')}" if said else ""
    text = f"Could not {what}: {method} {url} answered {answer.status}{quoted}{tried(answer.tries)}"
    if advice:
        text += NEXT + advice
    return AccessError(
        text,
        kind=kind,
        status=answer.status,
        method=method,
        url=url,
        request_id=request_id(answer.headers),
        retryable=kind in ("rate_limit", "timeout", "server"),
    )


def tried(times: int) -> str:
    """How a message says that something was tried more than once."""
    return f"; tried {times} times" if times > 1 else ""


def request_id(headers: Mapping[str, str]) -> str | None:
    """The server's own name for a request, to quote to the vendor's support."""
    for name in ("x-devo-cid", "x-amzn-RequestId", "x-request-id", "x-correlation-id"):
        value = headers.get(name)
        if value:
            return one_line(value)
    return None
