# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exchange with a server that is no platform ends, whatever the server does.

A time-out for each read does not bound an answer that comes byte by byte, nor one that something always comes before.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.error import HTTPError

from ansible.module_utils.urls import make_context

from ansible_collections.dataops.access.plugins.module_utils.http.limits import Watchdog, reporting

# One exchange may take this many times the time-out in all.
_TIMEOUTS = 10


class TooLong(TimeoutError):
    """It was cut off. Whoever held the line to the end would do so again."""

    def __init__(self) -> None:
        super().__init__(f"the answer took longer than {_TIMEOUTS} × timeout in all")


@contextmanager
def bounded(timeout: float, get_socket: Callable[[], Any]) -> Iterator[Callable[[], bool]]:
    """Shut the socket unless the block ends in time; yields a function that tells whether time was over.

    ``get_socket``: the socket there is then, or None; who opens one later has to ask.
    """
    watchdog = Watchdog()

    def cut() -> None:
        sock = get_socket()
        if sock is not None:
            # Not by the TLS layer, which is in use by the thread that reads.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    try:
        with watchdog.watch(_TIMEOUTS * timeout, cut) as is_over:
            yield is_over
    finally:
        watchdog.close()


def ask(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], options: Mapping[str, Any], longest: int
) -> tuple[int, bytes]:
    """Status and at most ``longest`` bytes of the answer, whatever the status; a redirect is not followed.

    ``options``: ca_path, timeout (seconds), validate_certs. Raises TooLong, and what urllib raises.
    """
    line = _Line()
    context = make_context(cafile=options["ca_path"], validate_certs=options["validate_certs"])
    opener = urllib.request.build_opener(_Plain(line), _Tls(line, context), _NoRedirects)
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310 - the declaration checks it
    with bounded(options["timeout"], line.socket) as line.is_over:
        try:
            answer = _answer(opener, request, options["timeout"], longest)
        except (OSError, http.client.HTTPException, ValueError):
            if line.is_over():
                raise TooLong from None
            raise
        if line.is_over():
            # The end of the connection may look like the end of the answer.
            raise TooLong
    return answer


def _answer(
    opener: urllib.request.OpenerDirector, request: urllib.request.Request, timeout: float, longest: int
) -> tuple[int, bytes]:
    try:
        with opener.open(request, timeout=timeout) as answer:
            return answer.status, bytes(answer.read(longest))
    except HTTPError as problem:
        with problem:
            try:
                return problem.code, bytes(problem.read(longest))
            except (OSError, http.client.HTTPException):
                return problem.code, b""


class _Line:
    """The connection of one exchange."""

    def __init__(self) -> None:
        self.is_over: Callable[[], bool] = lambda: False
        self._connection: Any = None
        # Kept: an answer that ends with its connection takes it out of the connection's hands.
        self._socket: Any = None

    def socket(self) -> Any:
        return (self._connection and self._connection.sock) or self._socket

    def opening(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def opened(self, connection: http.client.HTTPConnection) -> None:
        self._socket = connection.sock
        if self.is_over():
            raise TooLong

    def of(self, kind: type[http.client.HTTPConnection]) -> Any:
        """A class of connections that are this line's."""
        return reporting(kind, self.opening, self.opened)


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._line.of(http.client.HTTPConnection), req)


class _Tls(urllib.request.HTTPSHandler):
    def __init__(self, line: _Line, context: Any) -> None:
        super().__init__(context=context)
        self._line = line
        self._tls = context

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._line.of(http.client.HTTPSConnection), req, context=self._tls)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Credentials go to the server that they are for alone."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """None: the answer is the redirect."""
