# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that keeps what is put on it, and one that takes mails, on the loopback interface."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route


@dataclass
class Store:
    """Files by path. ``faults``: what the next requests get instead; 302: a redirect to another path."""

    token: str = "let-me-in"
    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    faults: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._endpoint, methods=["GET", "PUT"])])

    async def _endpoint(self, request: Request) -> Response:
        content = await request.body()
        # As it was sent: a name with an encoded slash is not a path.
        path = request.scope["raw_path"].decode()
        self.asked.append(f"{request.method} {path}")
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Response(f"no: {request.headers.get('authorization')}", 403)
        if self.faults:
            fault = self.faults.pop(0)
            return RedirectResponse("/elsewhere", 302) if fault == 302 else Response("it broke", fault)
        if request.method == "GET":
            return Response(self.files[path]) if path in self.files else Response(status_code=404)
        self.files[path] = content
        self.types[path] = request.headers["content-type"]
        return Response(status_code=201)


@dataclass
class Mailbox:
    """Mails as they came. Whoever logs in has to know ``password``."""

    password: str = "let-me-in"
    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"

    def knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        """Whether the log-in is right."""
        assert isinstance(given, LoginPassword)
        # It is aiosmtpd that answers.
        return AuthResult(success=given.password == self.password.encode(), handled=False)


@contextmanager
def taking_mail(mailbox: Mailbox) -> Iterator[None]:
    """Serves it, at ``mailbox.url``, without TLS."""
    listening = socket.create_server(("127.0.0.1", 0))
    mailbox.url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        return SMTP(mailbox, authenticator=mailbox.knows, auth_require_tls=False, loop=loop)

    server = loop.run_until_complete(loop.create_server(protocol, sock=listening))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
