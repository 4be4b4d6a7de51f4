# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection to the server: a request goes out, its whole answer comes back, or it is known what was lost.

The one place that knows ``requests``, which may be missing: the runner then says so.
"""

from __future__ import annotations

import os
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import answers, trouble
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Auth
from ansible_collections.dataops.access.plugins.module_utils.http.limits import Deadline, Stats, Watchdog, reporting
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings, is_loopback, proxy_secrets

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3 import disable_warnings
    from urllib3.exceptions import (
        ConnectTimeoutError,
        InsecureRequestWarning,
        NewConnectionError,
        ProxyError,
        ReadTimeoutError,
        SSLError,
    )
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    REQUESTS_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_ERROR = None

# A listing of 100,000 users takes some 25 MB; more than this is no answer of these platforms.
LARGEST_ANSWER = 40 * 1024 * 1024
_CHUNK = 64 * 1024
# How a body may be compressed: once. Others unpack to any size before it could be counted.
_ENCODINGS = ("gzip", "deflate")
_PROXY_ADVICE = "check api_proxy and the proxy variables of the environment"
_PROXY_WANTS_LOG_IN = 407
# One answer may take this many times the read time-out in all.
_ANSWER_TIMEOUTS = 10


@dataclass(frozen=True)
class Request:
    """One request. ``what`` completes "Could not …"; ``params`` and ``body`` are sent exactly so."""

    method: str
    url: str
    # The same without query, for messages.
    shown: str
    what: str
    params: Mapping[str, str] | None
    body: bytes
    content_type: str | None
    auth: Auth


class NotSent(Exception):
    """The request did not reach the server."""

    def __init__(self, error: AccessError) -> None:
        self.error = error


class Lost(Exception):
    """The request was sent, its answer did not come whole."""

    def __init__(self, error: AccessError) -> None:
        self.error = error


@dataclass(frozen=True)
class Shared:
    """What all connections of one run share."""

    settings: Settings
    stats: Stats
    deadline: Deadline
    watchdog: Watchdog
    redactor: Redactor


class Session:
    """One ``requests.Session`` with at most one connection, used by one thread at a time."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._connection: Any = None
        # Its socket once it is open. An answer that ends with its connection takes the socket out of the connection's
        # hands before it is read, and is cut off all the same.
        self._socket: Any = None
        settings = shared.settings
        self._session = requests.Session()
        self._session.verify = self._verify(settings)
        if settings.client_cert:
            self._session.cert = (
                (settings.client_cert, settings.client_key) if settings.client_key else settings.client_cert
            )
        adapter = _adapter(self._opening, self._open)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._proxies = self._find_proxies(settings)
        shared.redactor.add(*self._proxy_secrets())

    def go_on(self, shared: Shared) -> None:
        """Serve another run with the same settings and environment: what it counts and masks is its own."""
        self._shared = shared
        self._session.cookies.clear()
        shared.redactor.add(*self._proxy_secrets())

    @staticmethod
    def _verify(settings: Settings) -> bool | str:
        if not settings.validate_certs:
            # It would go to standard error, once for each request; the runner says it once, and what it means.
            disable_warnings(InsecureRequestWarning)
            return False
        # An empty file is what a credential without a CA bundle becomes in AWX: it counts as unset.
        if settings.ca_path and (Path(settings.ca_path).is_dir() or Path(settings.ca_path).stat().st_size):
            return settings.ca_path
        return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True

    @staticmethod
    def _find_proxies(settings: Settings) -> dict[str, str]:
        if settings.api_proxy:
            return {"http": settings.api_proxy, "https": settings.api_proxy}
        host = urlsplit(settings.api_url).hostname or ""
        if is_loopback(host):
            return {}
        return dict(requests.utils.get_environ_proxies(settings.api_url))

    def _proxy_secrets(self) -> Iterator[str]:
        for proxy in self._proxies.values():
            yield from proxy_secrets(proxy)

    def _opening(self, connection: Any) -> None:
        self._connection, self._socket = connection, None
        self._shared.stats.add("connections")

    def _open(self, connection: Any) -> None:
        self._socket = connection.sock

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _cut(self) -> None:
        sock = self._connection_sock() or self._socket
        if sock is not None:
            # TLS inside of TLS (a proxy with https) has the socket in its own wrapping. The TLS layer is left alone: it
            # is in use by the thread that reads.
            with suppress(OSError):
                socket.socket.shutdown(getattr(sock, "socket", sock), socket.SHUT_RDWR)

    def send(self, request: Request, headers: Mapping[str, str]) -> Answer:
        """Send and read the whole answer. Raises NotSent or Lost (also for an answer that is too large)."""
        shared = self._shared
        timeout = shared.deadline.clip(shared.settings.api_timeout)
        in_all = shared.deadline.clip(_ANSWER_TIMEOUTS * shared.settings.api_timeout)
        response = None
        body = None
        with shared.watchdog.watch(in_all, self._cut) as cut:
            try:
                response = self._session.send(
                    self._prepared(request, headers),
                    timeout=max(0.001, timeout),
                    allow_redirects=False,
                    stream=True,
                    proxies=self._proxies,
                )
                if response.status_code == _PROXY_WANTS_LOG_IN:
                    raise NotSent(self._refused_by_proxy(request))
                whole = self._read_body(request, response)
                if cut():
                    # The end of the connection may look like the end of the answer.
                    raise TimeoutError("the answer was cut off")
                body = whole
            except (requests.exceptions.RequestException, OSError, ValueError) as problem:
                raise self._sorted_out(request, problem, cut()) from None
            finally:
                if body is None and response is not None:
                    response.close()
        return answers.parse(response.status_code, response.headers, body, shared.redactor.text)

    def _prepared(self, request: Request, headers: Mapping[str, str]) -> Any:
        """The request, with nothing that the session would add: .netrc, for one, is an Authorization header."""
        prepared = requests.PreparedRequest()
        prepared.prepare(
            method=request.method,
            url=request.url,
            headers={"Accept-Encoding": ", ".join(_ENCODINGS), "Connection": "keep-alive", **headers},
            params=request.params,
            data=request.body or None,
            cookies=self._session.cookies,
        )
        return prepared

    def _read_body(self, request: Request, response: Any) -> bytes:
        self._check_encoding(request, response)
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise Lost(
                    self._protocol_error(
                        request,
                        response,
                        f"answered with more than {LARGEST_ANSWER // 1048576} MB, which none of these platforms does. "
                        "Next: check api_url",
                    )
                )
        return b"".join(parts)

    def _check_encoding(self, request: Request, response: Any) -> None:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in ("", "identity", "x-gzip", *_ENCODINGS):
            raise Lost(
                self._protocol_error(
                    request,
                    response,
                    f"answered in the encoding '{answers.one_line(encoding)[:40]}', which was not asked for. "
                    "Next: check api_url, and a proxy in between",
                )
            )

    def _refused_by_proxy(self, request: Request) -> AccessError:
        return AccessError(
            f"Could not {request.what}: {request.method} {request.shown}: {self._proxy_name(request)} wants a log-in, "
            f"or another one (407). Next: {_PROXY_ADVICE}",
            kind="connection",
            status=_PROXY_WANTS_LOG_IN,
            method=request.method,
            url=request.shown,
        )

    @staticmethod
    def _protocol_error(request: Request, response: Any, problem: str) -> AccessError:
        return AccessError(
            f"Could not {request.what}: {request.method} {request.shown} {problem}",
            kind="protocol",
            status=response.status_code,
            method=request.method,
            url=request.shown,
        )

    def _sorted_out(self, request: Request, problem: Exception, cut: bool) -> Exception:
        """Whether the request can have reached the server, and the error that says so."""
        # With the tunnel and the handshake behind it, whatever breaks may break after the server has the request.
        opened = self._socket is not None
        sent = not isinstance(problem, (requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL))
        chain = trouble.chain(problem)
        if any(isinstance(one, (NewConnectionError, ConnectTimeoutError)) for one in chain):
            sent = False
        certificate = next((one for one in chain if isinstance(one, SSLError)), None)
        proxy = any(isinstance(one, (ProxyError, requests.exceptions.ProxyError)) for one in chain)
        # SOCKS without the library for it, or a variable of the environment that is no URL.
        proxy = proxy or isinstance(problem, (requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL))
        timed_out = (
            cut
            or isinstance(problem, requests.exceptions.Timeout)
            or any(isinstance(one, ReadTimeoutError) for one in chain)
        )
        # What urllib3 calls the proxy's failure is any that it meets behind one.
        proxy = proxy and not opened
        if not opened and (certificate is not None or proxy):
            sent = False
        kind = "timeout" if timed_out else "connection"
        left = self._shared.deadline.remaining()
        if left is not None and left <= 0:
            over = self._shared.deadline.over(f"the answer: {request.what}")
            return Lost(over) if sent else NotSent(over)
        error = AccessError(
            f"Could not {request.what}: {request.method} {request.shown}: "
            + self._reason(request, problem, certificate, proxy, cut, timed_out),
            kind=kind,
            method=request.method,
            url=request.shown,
            # A certificate or a proxy that is wrong now is wrong a second later too.
            retryable=certificate is None and not proxy,
        )
        error.message = self._shared.redactor.text(error.message)
        return Lost(error) if sent else NotSent(error)

    def _connection_sock(self) -> Any:
        return getattr(self._connection, "sock", None)

    def _proxy_name(self, request: Request) -> str:
        proxies = self._proxies
        return trouble.proxy_name(proxies.get(urlsplit(request.url).scheme) or proxies.get("all"))

    def _reason(
        self,
        request: Request,
        problem: Exception,
        certificate: BaseException | None,
        proxy: bool,
        cut: bool,
        timed_out: bool,
    ) -> str:
        settings = self._shared.settings
        innermost = str(trouble.chain(problem)[-1]) or type(problem).__name__
        detail = answers.one_line(self._shared.redactor.text(innermost))
        if cut:
            step = answers.next_step("timeout")
            return f"the answer took longer than {_ANSWER_TIMEOUTS} × api_timeout in all. Next: {step}"
        if certificate is not None:
            return f"TLS failed ({detail}). Next: {trouble.tls_advice(detail)}"
        if proxy:
            return f"{self._proxy_name(request)} failed ({detail}). Next: {_PROXY_ADVICE}"
        if timed_out:
            return (
                f"no answer within {settings.api_timeout:g} seconds (api_timeout). Next: {answers.next_step('timeout')}"
            )
        return f"the connection failed ({detail}). Next: {answers.next_step('connection')}"


def _adapter(opening: Callable[[Any], None], opened: Callable[[Any], None]) -> Any:
    """An adapter for one connection that tells when it opens one; made here since requests may be missing."""
    tls = _least_tls()

    class Adapter(HTTPAdapter):
        """At most one connection, which is reported when it opens."""

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            kwargs.update(tls)
            super().init_poolmanager(*args, **kwargs)
            _report_connections(self.poolmanager, opening, opened)

        def cert_verify(self, conn: Any, url: str, verify: bool | str, cert: Any) -> None:
            # requests looks at the URL alone: for a plain one, it would take a proxy with TLS without looking at it.
            seen = "https:" if conn.scheme == "https" else url
            super().cert_verify(conn, seen, verify, cert)  # type: ignore[no-untyped-call]  # requests types a part alone

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            known = set(self.proxy_manager)
            kwargs.update(tls)
            manager = super().proxy_manager_for(*args, **kwargs)
            if set(self.proxy_manager) != known:
                _report_connections(manager, opening, opened)
            return manager

    return Adapter(pool_connections=1, pool_maxsize=1, max_retries=0)


def _least_tls() -> dict[str, Any]:
    """For a pool that speaks TLS 1.2 or newer: urllib3 2 does so anyway, 1.26 as the machine is configured."""
    if not getattr(urllib3, "__version__", "2").startswith("1."):
        return {}
    context = create_urllib3_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # urllib3 compares the name itself then; its caller says later whether certificates are to be verified.
    context.check_hostname = False
    return {"ssl_context": context}


def _report_connections(manager: Any, opening: Callable[[Any], None], opened: Callable[[Any], None]) -> None:
    classes = {}
    for scheme, pool in manager.pool_classes_by_scheme.items():
        classes[scheme] = type(
            pool.__name__, (pool,), {"ConnectionCls": reporting(pool.ConnectionCls, opening, opened)}
        )
    manager.pool_classes_by_scheme = classes
