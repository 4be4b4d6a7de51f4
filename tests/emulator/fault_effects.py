# SPDX-License-Identifier: GPL-3.0-or-later
"""What each kind of fault does on the wire."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import formatdate
from functools import cache
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from .echoes import echo
from .faults import Fault
from .platform import JsonAnswer, Platform
from .recorder import Record

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Log in</title></head><body>"
    "<form action='/login' method='post'><input name='user'><input name='password' type='password'></form>"
    "</body></html>"
)
_PAD = 1 << 16


class Effects:
    """Carries out faults. `over` ends every wait of the faults that are under way."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    def release(self) -> None:
        self.over.set()
        self.over = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            return

    async def run(
        self,
        fault: Fault,
        platform: Platform | None,
        handle: Callable[[], Awaitable[Response]],
        record: Record,
        asgi: tuple[Scope, Receive, Send],
    ) -> None:
        """Answer the request as the fault says, or not at all; the status is recorded before it goes out."""
        scope, receive, send = asgi
        record.fault = fault.kind
        if fault.kind == "expire" and platform is not None:
            platform.expire_sessions()
        response = await handle() if fault.makes_change else None
        if fault.kind in ("reset_before", "reset_after"):
            await _reset(scope, receive)
            return
        if fault.kind == "delay":
            await self.wait(fault.params["seconds"])
        answer = self._answer(fault, response, platform, record)
        record.status = answer.status_code
        if fault.kind == "truncate" and not fault.params["short"]:
            await _truncate(answer, scope, receive, send)
        elif fault.kind == "drip_headers":
            await self._drip_headers(answer, fault.params["bytes_per_s"], scope, receive)
        else:
            await answer(scope, receive, send)

    def _answer(self, fault: Fault, response: Response | None, platform: Platform | None, record: Record) -> Response:
        """The response that goes out by the ordinary way."""
        kind, params = fault.kind, fault.params
        if kind == "status":
            return _status(params, platform)
        if kind == "html":
            return HTMLResponse(LOGIN_PAGE, params["status"])
        if kind == "redirect":
            return RedirectResponse(params["location"], params["status"])
        if kind == "empty":
            return Response(status_code=params["status"])
        assert response is not None
        if kind == "echo":
            return echo(params, record, response, platform)
        if kind == "truncate" and params["short"]:
            return _again(response, _body(response)[: len(_body(response)) // 2])
        if kind == "invalid_utf8":
            # An answer without any text has it at its end.
            body = _body(response)
            return _again(response, body.replace(b'"', b'"\xff\xfe', 1) if b'"' in body else body + b"\xff\xfe")
        if kind == "wrong_type":
            return JsonAnswer(_other_type(response) if params["to"] is None else params["to"], response.status_code)
        if kind == "drip":
            length = {"content-length": str(len(_body(response)))}
            pieces = self._drip(_body(response), params["bytes_per_s"])
            return StreamingResponse(pieces, response.status_code, length, response.media_type)
        if kind == "big":
            length = {} if params["streamed"] else {"content-length": str(params["bytes"])}
            return StreamingResponse(_padding(params["bytes"]), response.status_code, length, "application/json")
        if kind == "gzip_bomb":
            body, headers = _gzip_bomb(params["bytes"]), {"content-encoding": "gzip"}
            return Response(body, response.status_code, headers, "application/json")
        return response  # as the platform gave it

    async def _drip(self, body: bytes, bytes_per_s: float) -> AsyncIterator[bytes]:
        size = max(1, int(bytes_per_s / 10))
        for start in range(0, len(body), size):
            yield body[start : start + size]
            await self.wait(size / bytes_per_s)

    async def _drip_headers(self, response: Response, bytes_per_s: float, scope: Scope, receive: Receive) -> None:
        transport = scope["emulator.connection"].transport
        head = f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}\r\n".encode()
        head += b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers) + b"\r\n"
        async for piece in self._drip(head + bytes(response.body), bytes_per_s):
            if transport.is_closing():
                break
            transport.write(piece)
        await _close(scope, receive)


def _status(params: dict[str, Any], platform: Platform | None) -> Response:
    status = params["status"]
    phrase = HTTPStatus(status).phrase
    answer: Response
    if params["body"] is not None:
        body = params["body"] if isinstance(params["body"], str) else json.dumps(params["body"])
        answer = Response(body, status, media_type=params["content_type"] or "application/json")
    elif status in (502, 503, 504) or platform is None:
        # what a proxy in front of the vendor says
        answer = HTMLResponse(f"<html><head><title>{status} {phrase}</title></head></html>", status)
    else:
        answer = platform.error(status, phrase)
    if params["retry_after"] is not None:
        after = str(params["retry_after"])
        if after.startswith("date:"):
            # the client compares it with its own clock, so this is the real time
            after = formatdate(time.time() + float(after.removeprefix("date:")), usegmt=True)
        answer.headers["retry-after"] = after
    return answer


def _body(response: Response) -> bytes:
    return bytes(response.body) or b'{"status":"ok"}'


def _again(response: Response, body: bytes) -> Response:
    return Response(body, response.status_code, media_type=response.media_type)


def _other_type(response: Response) -> Any:
    try:
        value = json.loads(_body(response))
    except ValueError:
        return 42
    return {"unexpected": "object"} if isinstance(value, list) else [] if isinstance(value, dict) else {}


async def _padding(size: int) -> AsyncIterator[bytes]:
    yield b'["'
    left = size - 4
    while left > 0:
        yield b"x" * min(left, _PAD)
        left -= _PAD
    yield b'"]'


@cache
def _gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b"[")]
    parts += [packer.compress(b" " * _PAD) for _time in range(size // _PAD)]
    return b"".join([*parts, packer.compress(b"]"), packer.flush()])


async def _truncate(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    body = _body(response)
    headers = [(k, v) for k, v in response.raw_headers if k != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await _close(scope, receive)


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection after what was written, and wait until the server has noticed."""
    scope["emulator.connection"].transport.close()
    await _gone(receive)


async def _reset(scope: Scope, receive: Receive) -> None:
    """Close the connection with RST."""
    transport = scope["emulator.connection"].transport
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
