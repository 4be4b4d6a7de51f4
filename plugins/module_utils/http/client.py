# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one HTTP client of all platforms: kept-alive sessions, deadline, statistics, retries, and the write guard."""

from __future__ import annotations

import ipaddress
import json as jsonlib
import os
import queue
import socket
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    LostAnswer,
    ValidationError,
    WriteRefused,
)
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor, public_url
from ansible_collections.dataops.access.plugins.module_utils.http import answers, retry
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Auth
from ansible_collections.dataops.access.plugins.module_utils.http.limits import Deadline, Pace, Stats, Watchdog

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import (
        ConnectTimeoutError,
        NameResolutionError,
        NewConnectionError,
        ProxyError,
        ReadTimeoutError,
        SSLError,
    )
except ImportError:
    REQUESTS_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_ERROR = None

USER_AGENT = "ansible-dataops.access/1.0.0"

# A listing of 100,000 users takes some 25 MB; more than this is no answer of these platforms.
LARGEST_ANSWER = 40 * 1024 * 1024
_CHUNK = 64 * 1024
# Some four months, in seconds: what sockets, timers and threads can count.
_LARGEST_NUMBER = 10_000_000
# One request in a quarter of an hour.
_SLOWEST_RATE = 0.001
# One answer may take this many times the read time-out in all.
_ANSWER_TIMEOUTS = 10


@dataclass(frozen=True)
class Settings:
    """Connection options, as the modules name them, without credentials. Times in seconds."""

    api_url: str
    api_timeout: float = 30.0
    api_retries: int = 4
    api_deadline: float = 0.0
    api_rate_limit: float = 0.0
    api_concurrency: int = 8
    api_proxy: str | None = None
    api_allow_http: bool = False
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None

    def check(self) -> None:
        """Raise ValidationError for settings that cannot work or would be unsafe."""
        _check_url("api_url", self.api_url, self.api_allow_http)
        if self.api_proxy and not _is_proxy(self.api_proxy):
            raise ValidationError("api_proxy: give it as a URL, such as http://proxy.example.com:3128")
        for name, least in (("api_timeout", 0.001), ("api_retries", 0), ("api_deadline", 0), ("api_rate_limit", 0)):
            value = getattr(self, name)
            if not least <= value <= _LARGEST_NUMBER:
                raise ValidationError(f"{name}: {value} is out of range; it must be {least} to {_LARGEST_NUMBER}")
        if 0 < self.api_rate_limit < _SLOWEST_RATE:
            raise ValidationError(
                f"api_rate_limit: {self.api_rate_limit} is out of range; give {_SLOWEST_RATE} or more requests a "
                "second, or 0 for no limit"
            )
        if self.api_concurrency < 1:
            raise ValidationError(f"api_concurrency: {self.api_concurrency} is out of range; it must be 1 or more")
        if self.client_key and not self.client_cert:
            raise ValidationError("client_key needs client_cert")
        for name in ("ca_path", "client_cert", "client_key"):
            file = getattr(self, name)
            if file and not Path(file).exists():
                raise ValidationError(f"{name}: there is no file {file}")


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "socks5", "socks5h") and bool(parts.hostname)


def _check_url(option: str, url: str, allow_http: bool) -> None:
    shown = answers.one_line(public_url(url))
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _port = parts.port
    except ValueError:
        # Its text quotes what may be a part of a password.
        raise ValidationError(f"{option}: '{shown}' is not a URL; look at its host and port") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValidationError(
            f"{option}: '{shown}' is not a URL; give it with scheme and host, as in https://host/path"
        )
    if parts.username is not None or parts.password is not None:
        raise ValidationError(f"{option}: credentials do not belong into the URL; use the options for them")
    if parts.query or parts.fragment:
        raise ValidationError(f"{option}: '{shown}' must end with the path, without ? or #")
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        raise ValidationError(
            f"{option}: {parts.scheme}://{host} would send credentials in clear; use https, "
            "or set api_allow_http: true if the network between is trusted"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    # The same without query, for messages.
    shown: str
    what: str
    params: Mapping[str, str] | None
    body: bytes
    content_type: str | None
    auth: Auth


class _NotSent(Exception):
    """The request did not reach the server."""

    def __init__(self, error: AccessError) -> None:
        self.error = error


class _Lost(Exception):
    """The request was sent, its answer did not come whole."""

    def __init__(self, error: AccessError) -> None:
        self.error = error


def _proxy_secrets(settings: Settings) -> Iterator[str]:
    """The password in the proxy's URL, as it stands there and as it is sent."""
    password = urlsplit(settings.api_proxy or "").password
    if password:
        yield password
        yield unquote(password)


class Client:
    """Speaks to one platform for one task; any number of threads may use it.

    ``read_posts``: those addresses (paths below ``api_url``, or whole URLs) whose POST changes nothing. Any other
    method than GET is a write, and in check mode the transport refuses it.
    ``find_error``: looks at a successful status whose body may still be an error, and returns its text or None.
    ``classify``: the kind of failure that an answer means, where its status alone does not tell; or None.
    ``advice``: what to do next by kind of failure, where the platform needs more than the usual words.
    ``session_ended``: whether an answer other than 401 says that the session is over.
    """

    def __init__(
        self,
        settings: Settings,
        auth: Auth | None = None,
        check_mode: bool = False,
        read_posts: Collection[str] = (),
        find_error: Callable[[Answer], str | None] | None = None,
        classify: Callable[[Answer], str | None] | None = None,
        advice: Mapping[str, str] | None = None,
        session_ended: Callable[[Answer], bool] | None = None,
    ) -> None:
        settings.check()
        self.settings = settings
        self.auth = auth or Auth()
        self.stats = Stats()
        self.deadline = Deadline(settings.api_deadline)
        self.redactor = Redactor(_proxy_secrets(settings))
        self._base = settings.api_url.rstrip("/")
        self._check_mode = check_mode
        self._read_posts = frozenset(self.url(post) for post in read_posts)
        self._find_error = find_error or (lambda answer: None)
        self._classify = classify or (lambda answer: None)
        self._advice = advice or {}
        self._session_ended = session_ended or (lambda answer: False)
        self._pace = Pace(settings.api_rate_limit)
        self._watchdog = Watchdog()
        self._sessions: queue.LifoQueue[_Session] = queue.LifoQueue()
        self._accepted = threading.local()

    # --- for services -----------------------------------------------------------------------------------------

    def url(self, address: str) -> str:
        """A path below ``api_url``, or a whole URL as it is."""
        return self._base + address if address.startswith("/") else address

    def read(
        self,
        what: str,
        method: str,
        address: str,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        answered: Collection[int] = (),
        auth: Auth | None = None,
        null: bool = False,
    ) -> Answer:
        """Ask without changing anything; repeated when that may help.

        ``what`` completes "Could not …". ``answered``: failure statuses that the caller understands itself.
        ``auth``: another proof of who asks than the client's own. The answer is JSON (``null``: the value null too, as
        ``data`` None), or a status in ``answered``.
        Raises AccessError.
        """
        request = self._request(what, method, address, params, json, auth=auth)
        if not self._is_read(request):
            raise WriteRefused(f"{request.method} {request.shown} is a write and was called as a read")
        self.stats.add("reads")
        answer = self._repeat(request, safe=True)
        problem = self._problem(request, answer, answered)
        if problem is not None:
            raise problem
        if answer.ok and not answer.is_json and not (null and answer.is_null):
            raise self._not_json(request, answer)
        return answer

    def write(
        self,
        what: str,
        method: str,
        address: str,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        answered: Collection[int] = (),
        once: bool = False,
    ) -> Answer:
        """Change something. Refused in check mode.

        ``once``: never sent a second time, not even after an answer that says that nothing was done.
        Raises LostAnswer when it was sent and may have been carried out, AccessError when it was not.
        """
        request = self._request(what, method, address, params, json)
        if self._check_mode:
            raise WriteRefused(f"check mode: the write {request.method} {request.shown} was refused; nothing was sent")
        if self._is_read(request):
            raise WriteRefused(f"{request.method} {request.shown} is a read and was called as a write")
        self.stats.add("writes")
        answer = self._repeat(request, safe=False, once=once)
        if answer.status >= 500 and answer.status not in answered:
            raise self._lost(request, self._error(request, answer, self._classify(answer)))
        problem = self._problem(request, answer, answered)
        if problem is not None:
            raise problem
        if answer.ok:
            self._accepted.count = self.accepted + 1
        # `null` says as little as no body at all, which is how an answer without a schema may look.
        if answer.ok and answer.text not in ("", "null"):
            raise self._lost(request, self._not_json(request, answer))
        return answer

    @property
    def accepted(self) -> int:
        """How many writes of this thread were answered with success."""
        return int(getattr(self._accepted, "count", 0))

    def log_in(
        self,
        what: str,
        method: str,
        address: str,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        auth: Auth | None = None,
    ) -> Answer:
        """Get a session token; allowed in check mode, counted in ``requests`` alone. Raises AccessError."""
        request = self._request(what, method, address, None, json, form, auth or Auth())
        answer = self._repeat(request, safe=True)
        problem = self._problem(request, answer, ())
        if problem is not None:
            if problem.status in (400, 401, 403):
                problem.kind = "auth"
            raise problem
        if not answer.is_json:
            raise self._not_json(request, answer)
        return answer

    def pause(self, attempt: int) -> None:
        """Wait before a repetition. Raises AccessError when the deadline would end before."""
        self.wait(retry.backoff(attempt), "the next try")

    def wait(self, seconds: float, before: str) -> None:
        """Wait, and count it. Raises AccessError when the deadline would end before."""
        left = self.deadline.remaining()
        if left is not None and seconds >= left:
            raise self.deadline.over(before)
        if seconds > 0:
            self.stats.add("waited_s", seconds)
            time.sleep(seconds)

    def close(self) -> None:
        """Close every connection."""
        while True:
            try:
                self._sessions.get_nowait().close()
            except queue.Empty:
                return

    # --- one request --------------------------------------------------------------------------------------------

    def _request(
        self,
        what: str,
        method: str,
        address: str,
        params: Mapping[str, str] | None,
        json: Any,
        form: Mapping[str, str] | None = None,
        auth: Auth | None = None,
    ) -> _Request:
        url = self.url(address)
        content_type = None
        body = b""
        if json is not None:
            # Serialised once: a signature has to cover exactly the bytes that are sent.
            body = jsonlib.dumps(json, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")
            content_type = "application/json"
        elif form is not None:
            body = urlencode(dict(form)).encode("ascii")
            content_type = "application/x-www-form-urlencoded"
        shown = answers.one_line(url)
        return _Request(method, url, shown, what, params, body, content_type, self.auth if auth is None else auth)

    def _is_read(self, request: _Request) -> bool:
        return request.method == "GET" or (request.method == "POST" and request.url in self._read_posts)

    def _repeat(self, request: _Request, safe: bool, once: bool = False) -> Answer:
        """Send until there is an answer to work with. ``safe``: repeating cannot do harm."""
        renewed = False
        attempt = 0
        while True:
            try:
                answer, log_in = self._send(request)
            except _NotSent as failed:
                if once or not failed.error.retryable or attempt >= self.settings.api_retries:
                    raise failed.error from None
                wait = retry.backoff(attempt + 1)
            except _Lost as failed:
                if not safe:
                    raise self._lost(request, failed.error) from None
                if not failed.error.retryable or attempt >= self.settings.api_retries:
                    raise failed.error from None
                wait = retry.backoff(attempt + 1)
            else:
                ended = answer.status == 401 or self._session_ended(answer)
                if ended and not renewed and not once and request.auth.renew(log_in):
                    renewed = True
                    continue
                if not self._may_repeat(answer, safe) or once or attempt >= self.settings.api_retries:
                    return answer
                asked = retry.asked_to_wait(answer.headers)
                wait = retry.backoff(attempt + 1) if asked is None else asked
                if wait > retry.LONGEST_WAIT:
                    raise self._asked_too_long(request, answer, wait)
            attempt += 1
            self.stats.add("retries")
            self.wait(wait, request.what)

    def _may_repeat(self, answer: Answer, safe: bool) -> bool:
        return answer.status == retry.NOT_DONE or (safe and answer.status in retry.READ_AGAIN)

    def _send(self, request: _Request) -> tuple[Answer, int]:
        self.wait(self._pace.delay(), request.what)
        self.deadline.check(request.what)
        used, log_in = request.auth.proof(request.body)
        self.redactor.add(*request.auth.secrets())
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT, **used}
        if request.content_type:
            headers["Content-Type"] = request.content_type
        self.stats.add("requests")
        session = self._take_session()
        healthy = False
        try:
            answer = session.send(request, headers)
            healthy = True
        finally:
            if healthy:
                self._sessions.put(session)
            else:
                session.close()
        return answer, log_in

    def _take_session(self) -> _Session:
        # Last in, first out: a task that never has more than n requests under way opens at most n connections.
        try:
            return self._sessions.get_nowait()
        except queue.Empty:
            return _Session(self)

    # --- what went wrong ----------------------------------------------------------------------------------------

    def _problem(self, request: _Request, answer: Answer, answered: Collection[int]) -> AccessError | None:
        if answer.status in answered:
            return None
        if 300 <= answer.status < 400:
            return self._redirected(request, answer)
        message = self._find_error(answer) if answer.ok else None
        if answer.ok and message is None:
            return None
        kind = self._classify(answer) or ("validation" if answer.ok else None)
        return self._error(request, answer, kind, message)

    def _error(
        self, request: _Request, answer: Answer, kind: str | None = None, message: str | None = None
    ) -> AccessError:
        kind = kind or answers.kind_of(answer.status)
        advice = self._advice.get(kind, answers.next_step(kind))
        if kind == "not_found" and kind not in self._advice and answer.is_json and answer.message():
            advice = ""  # the API itself says what it did not find
        return self.redacted(answers.error(answer, request.what, request.method, request.shown, kind, advice, message))

    def _redirected(self, request: _Request, answer: Answer) -> AccessError:
        target = answers.one_line(self.redactor.text(answer.headers.get("Location", "nowhere")))
        return self.redacted(
            AccessError(
                f"Could not {request.what}: {request.method} {request.shown} was redirected to {target}, which is "
                "never followed because it would carry credentials along. Next: set api_url to the final address",
                kind="protocol",
                status=answer.status,
                method=request.method,
                url=request.shown,
                request_id=answers.request_id(answer.headers),
            )
        )

    def _not_json(self, request: _Request, answer: Answer) -> AccessError:
        found = "an empty answer" if not answer.text else f"no JSON but: {answer.message()[:120]}"
        usual = "check that api_url is the address of the API and not of a log-in or proxy page"
        return self.redacted(
            AccessError(
                f"Could not {request.what}: {request.method} {request.shown} answered {answer.status} with {found}. "
                f"Next: {self._advice.get('protocol', usual)}",
                kind="protocol",
                status=answer.status,
                method=request.method,
                url=request.shown,
                request_id=answers.request_id(answer.headers),
            )
        )

    def _asked_too_long(self, request: _Request, answer: Answer, wait: float) -> AccessError:
        problem = self._error(request, answer)
        problem.message += f"; the server asks to wait {wait:.0f} seconds, more than this task waits"
        return problem

    def _lost(self, request: _Request, error: AccessError) -> LostAnswer:
        details = {**error.failure(), "kind": "unknown_outcome", "cause_kind": error.kind}
        lost = LostAnswer(f"{error.message} (it may or may not have been carried out)", **details)
        lost.message = self.redactor.text(lost.message)
        return lost

    def redacted(self, error: AccessError) -> AccessError:
        """``error`` with every known secret taken out of its message and URL."""
        error.message = self.redactor.text(error.message)
        error.url = None if error.url is None else self.redactor.text(error.url)
        return error


class _Session:
    """One ``requests.Session`` with at most one connection, used by one thread at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._connection: Any = None
        settings = client.settings
        self._session = requests.Session()
        # .netrc would add an Authorization header of its own; proxies and CA bundles are read explicitly below.
        self._session.trust_env = False
        self._session.verify = self._verify(settings)
        if settings.client_cert:
            self._session.cert = (
                (settings.client_cert, settings.client_key) if settings.client_key else settings.client_cert
            )
        adapter = _adapter(self._opened)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._proxies = self._find_proxies(settings)

    @staticmethod
    def _verify(settings: Settings) -> bool | str:
        if not settings.validate_certs:
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
        if _is_loopback(host):
            return {}
        return dict(requests.utils.get_environ_proxies(settings.api_url))

    def _opened(self, connection: Any) -> None:
        self._connection = connection
        self._client.stats.add("connections")

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _cut(self) -> None:
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def send(self, request: _Request, headers: Mapping[str, str]) -> Answer:
        """Send and read the whole answer. Raises _NotSent, _Lost, or AccessError (too large)."""
        client = self._client
        timeout = client.deadline.clip(client.settings.api_timeout)
        in_all = client.deadline.clip(_ANSWER_TIMEOUTS * client.settings.api_timeout)
        response = None
        body = None
        with client._watchdog.watch(in_all, self._cut) as cut:
            try:
                response = self._session.request(
                    request.method,
                    request.url,
                    params=request.params,
                    data=request.body or None,
                    headers=dict(headers),
                    timeout=max(0.001, timeout),
                    allow_redirects=False,
                    stream=True,
                    proxies=self._proxies,
                )
                body = self._read_body(request, response)
            except (requests.exceptions.RequestException, OSError, ValueError) as problem:
                raise self._sorted_out(request, problem, cut()) from None
            finally:
                if body is None and response is not None:
                    response.close()
        return answers.parse(response.status_code, response.headers, body, client.redactor.text)

    def _read_body(self, request: _Request, response: Any) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise _Lost(
                    AccessError(
                        f"Could not {request.what}: {request.method} {request.shown} answered with more than "
                        f"{LARGEST_ANSWER // 1048576} MB, which none of these platforms does. Next: check api_url",
                        kind="protocol",
                        status=response.status_code,
                        method=request.method,
                        url=request.shown,
                    )
                )
        return b"".join(parts)

    def _sorted_out(self, request: _Request, problem: Exception, cut: bool) -> Exception:
        """Whether the request can have reached the server, and the error that says so."""
        sent = not isinstance(problem, (requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL))
        chain = _chain(problem)
        if any(isinstance(one, (NewConnectionError, NameResolutionError, ConnectTimeoutError)) for one in chain):
            sent = False
        certificate = next((one for one in chain if isinstance(one, SSLError)), None)
        proxy = any(isinstance(one, (ProxyError, requests.exceptions.ProxyError)) for one in chain)
        timed_out = (
            cut
            or isinstance(problem, requests.exceptions.Timeout)
            or any(isinstance(one, ReadTimeoutError) for one in chain)
        )
        if certificate is not None and self._connection_sock() is None:
            sent = False
        if proxy:
            sent = False
        kind = "timeout" if timed_out else "connection"
        self._client.deadline.check(request.what)
        error = AccessError(
            f"Could not {request.what}: {request.method} {request.shown}: "
            + self._reason(problem, certificate, proxy, cut, timed_out),
            kind=kind,
            method=request.method,
            url=request.shown,
            # A certificate or a proxy that is wrong now is wrong a second later too.
            retryable=certificate is None and not proxy,
        )
        error = self._client.redacted(error)
        return _Lost(error) if sent else _NotSent(error)

    def _connection_sock(self) -> Any:
        return getattr(self._connection, "sock", None)

    def _reason(
        self, problem: Exception, certificate: Exception | None, proxy: bool, cut: bool, timed_out: bool
    ) -> str:
        settings = self._client.settings
        innermost = str(_chain(problem)[-1]) or type(problem).__name__
        detail = answers.one_line(self._client.redactor.text(innermost))
        if cut:
            step = answers.next_step("timeout")
            return f"the answer took longer than {_ANSWER_TIMEOUTS} × api_timeout in all. Next: {step}"
        if certificate is not None:
            return (
                f"TLS failed ({detail}). Next: set ca_path to the certificate authority that signed the server's "
                "certificate, or client_cert if the server asks for one"
            )
        if proxy:
            return f"the proxy failed ({detail}). Next: check api_proxy and the proxy variables of the environment"
        if timed_out:
            return (
                f"no answer within {settings.api_timeout:g} seconds (api_timeout). Next: {answers.next_step('timeout')}"
            )
        return f"the connection failed ({detail}). Next: {answers.next_step('connection')}"


def _chain(problem: BaseException) -> list[BaseException]:
    """The exception and everything that it wraps, the innermost last."""
    chain = [problem]
    while len(chain) < 10:
        inner = getattr(chain[-1], "reason", None) or chain[-1].__cause__ or chain[-1].__context__
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in chain[-1].args if isinstance(arg, BaseException)), None)
        if inner is None or inner in chain:
            return chain
        chain.append(inner)
    return chain


def _adapter(opened: Callable[[Any], None]) -> Any:
    """An adapter for one connection that tells when it opens one; made here since requests may be missing."""

    class Adapter(HTTPAdapter):
        """At most one connection, which is reported when it opens."""

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            _report_connections(self.poolmanager, opened)

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            known = set(self.proxy_manager)
            manager = super().proxy_manager_for(*args, **kwargs)
            if set(self.proxy_manager) != known:
                _report_connections(manager, opened)
            return manager

    return Adapter(pool_connections=1, pool_maxsize=1, max_retries=0)


def _report_connections(manager: Any, opened: Callable[[Any], None]) -> None:
    classes = {}
    for scheme, pool in manager.pool_classes_by_scheme.items():

        class Connection(pool.ConnectionCls):  # type: ignore[misc, name-defined]  # the base is only known here
            """Reports itself when it connects."""

            def connect(self) -> None:
                opened(self)
                super().connect()

        classes[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": Connection})
    manager.pool_classes_by_scheme = classes
