# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with users and a proxy, each in a thread on the loopback interface; both remember what they were sent."""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
USERS = (
    b'[{"id": 1, "login": "ana", "email": "ana@example.com", "roles": [], "privilege": "read", "profile": "developer"}]'
)


@dataclass
class Running:
    """A server, and the headers of each request that it got."""

    port: int
    heads: list[dict[str, str]] = field(default_factory=list)
    # Where it redirects everything to, and how; None: it answers with the users.
    location: str | None = None
    status: int = 302
    # Whether somebody else has taken the user's place.
    removed: bool = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    running: Running

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self) -> None:
        request_line = {":method": self.command, ":target": self.path}
        self.running.heads.append(request_line | {name.lower(): value for name, value in self.headers.items()})


class Users(_Handler):
    """Answers every request with one user, or with a redirect."""

    def do_GET(self) -> None:
        self.note()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.running.location is not None:
            self.answer(self.running.status, Location=self.running.location)
        else:
            self.answer(200, USERS)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names in the base class


class Losing(Users):
    """Has another user once it was told to remove the first, and breaks the connection in the place of an answer."""

    def broken(self) -> None:
        """The last that the client gets."""

    def do_DELETE(self) -> None:
        self.note()
        self.running.removed = True
        self.close_connection = True
        self.broken()

    def do_GET(self) -> None:
        if self.running.removed:
            self.answer(200, USERS.replace(b"ana", b"bob"))
        else:
            super().do_GET()


class Proxy(_Handler):
    """Forwards to ports of this machine, whatever the host is called, if the log-in is right."""

    # The value of Proxy-Authorization that is taken; None: any.
    wanted: str | None

    def _refused(self) -> bool:
        self.note()
        if self.wanted is None or self.headers.get("Proxy-Authorization") == self.wanted:
            return False
        self.close_connection = True
        self.answer(407, b"<html>who are you?</html>", Proxy_Authenticate='Basic realm="proxy"')
        return True

    def do_CONNECT(self) -> None:
        if self._refused():
            return
        with socket.create_connection((HOST, int(self.path.rpartition(":")[2]))) as origin:
            self.send_response(200)
            self.end_headers()
            # A tunnel has two ends, and no other request follows through it.
            self.close_connection = True
            ends = {self.connection: origin, origin: self.connection}
            with suppress(OSError):
                while True:
                    for end in select.select(list(ends), [], [])[0]:
                        data = end.recv(65536)
                        if not data:
                            return
                        ends[end].sendall(data)

    def do_GET(self) -> None:
        if self._refused():
            return
        target = urlsplit(self.path)
        hop = {"proxy-authorization", "proxy-connection", "connection"}
        head = [
            f"{self.command} {target.path} HTTP/1.0",
            *(f"{k}: {v}" for k, v in self.headers.items() if k.lower() not in hop),
        ]
        with socket.create_connection((HOST, target.port or 80)) as origin:
            origin.sendall("\r\n".join([*head, "", ""]).encode())
            # Said, or the client may take the connection again before it notices its end.
            said = origin.recv(65536).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
            while said:
                self.wfile.write(said)
                said = origin.recv(65536)
        self.close_connection = True

    do_DELETE = do_GET  # noqa: N815 - the name in the base class


@contextmanager
def running(handler: type[_Handler], tls: ssl.SSLContext | None = None, **more: Any) -> Iterator[Running]:
    """A server of any kind; `more` are attributes of its handler."""
    state = Running(0)
    own = type(handler.__name__, (handler,), {"running": state, **more})
    with ThreadingHTTPServer((HOST, 0), own) as server:
        state.port = server.server_address[1]
        server.daemon_threads = True
        server.handle_error = lambda *_args: None  # type: ignore[method-assign]  # a refused handshake is expected
        if tls is not None:
            # The handshake belongs into the thread of its connection.
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def users(tls: ssl.SSLContext | None = None) -> Iterator[Running]:
    """The server with users, with TLS or without."""
    with running(Users, tls) as state:
        yield state


@contextmanager
def proxy(username: str | None = None, password: str = "", tls: ssl.SSLContext | None = None) -> Iterator[Running]:
    """The proxy, for everybody or for one user."""
    wanted = None
    if username is not None:
        wanted = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
    with running(Proxy, tls, wanted=wanted) as state:
        yield state
