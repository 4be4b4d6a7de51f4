# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of a server that is no platform: no redirects, bounded answers, no secret in what is said of a failure."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils import exchange

# How often a read is tried; seconds between two tries, doubled each time.
TRIES = 3
PAUSE = 0.5
# Bytes. JSON of these servers takes a few thousand.
_LONGEST_ANSWER = 4 * 1024 * 1024
_LONGEST_QUOTE = 200
_JSON = "application/json"
_AGAIN = (429, 500, 502, 503, 504)
_KINDS = {401: "auth", 403: "permission", 404: "not_found", 409: "conflict", 429: "rate_limit"}


@dataclass(frozen=True)
class Reply:
    """Status and JSON of an answer; ``data`` is None where there is none."""

    status: int
    data: Any


@dataclass(frozen=True)
class _Body:
    content: bytes
    content_type: str


class Caller:
    """One server. ``options``: url, ca_path, timeout (seconds), validate_certs."""

    def __init__(self, name: str, options: Mapping[str, Any], headers: Mapping[str, str], redactor: Redactor) -> None:
        self.name = name
        self.redactor = redactor
        self._options = options
        self._headers = {"Accept": _JSON, "User-Agent": "ansible-dataops.access", **headers}

    def read(self, what: str, path: str, answered: Collection[int] = ()) -> Reply:
        """A GET of JSON, which is repeated where that may help. Raises AccessError."""
        return _reply(self._repeated(lambda: self._call(what, "GET", path, None, answered)))

    def write(self, what: str, method: str, path: str, body: Any, answered: Collection[int] = ()) -> Reply:
        """JSON, sent once. Raises AccessError; LostAnswer where it may or may not have been done."""
        return _reply(self._call(what, method, path, _Body(json.dumps(body).encode(), _JSON), answered))

    def fetch(self, what: str, path: str, longest: int) -> bytes:
        """A GET of at most ``longest`` bytes, which is repeated where that may help. Raises AccessError."""
        _status, found = self._repeated(lambda: self._call(what, "GET", path, None, (), longest + 1))
        if len(found) > longest:
            raise AccessError(f"Could not {what} on {self.name}: it is longer than {longest} bytes", kind="protocol")
        return found

    def put(self, what: str, path: str, content: bytes, content_type: str) -> None:
        """A PUT, which is repeated where that may help: the same once more does no harm. Raises AccessError."""
        self._repeated(lambda: self._call(what, "PUT", path, _Body(content, content_type), ()))

    @staticmethod
    def _repeated(call: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        for attempt in range(1, TRIES + 1):
            try:
                return call()
            except AccessError as error:
                if attempt == TRIES or not (error.retryable or (isinstance(error, LostAnswer) and error.repeat)):
                    raise AccessError(error.message, **{**error.failure(), "kind": _plain_kind(error)}) from None
            time.sleep(PAUSE * 2 ** (attempt - 1))
        raise AssertionError("unreachable")

    def _call(
        self,
        what: str,
        method: str,
        path: str,
        body: _Body | None,
        answered: Collection[int],
        longest: int = _LONGEST_ANSWER,
    ) -> tuple[int, bytes]:
        url = self._options["url"] + path
        tried = f"Could not {what} on {self.name} ({self._options['url']})"
        headers = self._headers if body is None else {**self._headers, "Content-Type": body.content_type}
        try:
            status, text = exchange.ask(
                method, url, None if body is None else body.content, headers, self._options, longest
            )
        except (OSError, http.client.HTTPException, ValueError) as problem:
            reason = getattr(problem, "reason", problem)
            said = f"{tried}: {reason or type(problem).__name__}"
            if isinstance(reason, ssl.SSLCertVerificationError):
                said = f"{tried}: its certificate is not trusted ({reason})"
                raise self._error(said, "connection", method, url) from None
            if isinstance(reason, (ConnectionRefusedError, socket.gaierror)):
                raise self._error(said, "connection", method, url) from None  # it was never sent
            raise self._lost(said, method, url, is_too_long=isinstance(reason, exchange.TooLong)) from None
        if 200 <= status < 300 or status in answered:
            return status, text
        raise self._refusal(tried, status, text, method, url)

    def _refusal(self, tried: str, status: int, text: bytes, method: str, url: str) -> AccessError:
        said = f"{tried}: it answered {status}{_quoted(text)}"
        if status >= 500 and method != "GET":
            return self._lost(said, method, url, status)
        error = self._error(said, _KINDS.get(status, "server" if status >= 500 else "protocol"), method, url, status)
        error.retryable = status in _AGAIN
        return error

    def _error(self, said: str, kind: str, method: str, url: str, status: int | None = None) -> AccessError:
        return AccessError(self._readable(said), kind=kind, status=status, method=method, url=url)

    def _lost(
        self, said: str, method: str, url: str, status: int | None = None, is_too_long: bool = False
    ) -> LostAnswer:
        cause = "timeout" if is_too_long else "connection"
        return LostAnswer(
            self._readable(said), status=status, method=method, url=url, cause_kind=cause, repeat=not is_too_long
        )

    def _readable(self, text: str) -> str:
        return printable(self.redactor.text(" ".join(text.split())))


def _reply(answer: tuple[int, bytes]) -> Reply:
    status, text = answer
    return Reply(status, _json(text))


def _plain_kind(error: AccessError) -> str:
    """Whether what may be repeated was done is no question: it is repeated."""
    return error.cause_kind if isinstance(error, LostAnswer) else error.kind


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _quoted(text: bytes) -> str:
    """What a server says of a failure in JSON; other text is not quoted: it may be anything."""
    data = _json(text)
    if not isinstance(data, dict):
        return ""
    said = data.get("errors") or data.get("detail") or data.get("error") or data
    shown = json.dumps(said, ensure_ascii=False)
    return f": {shown[:_LONGEST_QUOTE]}"
