# SPDX-License-Identifier: GPL-3.0-or-later
"""An automation controller and a HashiCorp Vault as far as they take secrets, on the loopback interface."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

ENCRYPTED = "$encrypted$"


@dataclass
class Server:
    """What both have: who may ask, what was asked, and what goes wrong."""

    token: str = "let-me-in"
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    # By method, what the next ones get: a status; negative: it is done before that is answered.
    faults: dict[str, list[int | None]] = field(default_factory=dict)

    def handle(self, header: str, expected: str, work: Callable[[Request, Any], Response]) -> Any:
        async def endpoint(request: Request) -> Response:
            body = await request.json() if request.method != "GET" else None
            self.asked.append((request.method, request.url.path))
            if request.headers.get(header) != expected:
                return JSONResponse({"errors": ["permission denied"]}, 403)
            due = self.faults.get(request.method) or [None]
            fault = due.pop(0)
            if fault == 302:
                return RedirectResponse("/elsewhere")
            if fault and fault > 0:
                return JSONResponse({"errors": [f"it broke, with {body}"]}, fault)
            done = work(request, body)
            return JSONResponse({"errors": ["it broke afterwards"]}, -fault) if fault else done

        return endpoint


@dataclass
class Awx(Server):
    """Credentials by id, of one type that has a secret input ``api_token`` and an open one ``url``."""

    credentials: dict[int, dict[str, Any]] = field(default_factory=dict)
    secret_inputs: tuple[str, ...] = ("api_token", "other")
    # Whether a write is forgotten.
    forgets: bool = False

    def app(self) -> Starlette:
        def wrapped(work: Callable[[Request, Any], Response]) -> Any:
            return self.handle("authorization", f"Bearer {self.token}", work)

        one = "/api/v2/credentials/{id:int}/"
        return Starlette(
            routes=[
                Route("/api/v2/credentials/", wrapped(self._list)),
                Route(one, wrapped(self._read)),
                Route(one, wrapped(self._change), methods=["PATCH"]),
                Route("/api/v2/credential_types/{id:int}/", wrapped(self._type)),
            ]
        )

    def _shown(self, number: int) -> dict[str, Any]:
        inputs = self.credentials[number]["inputs"]
        shown = {key: ENCRYPTED if key in self.secret_inputs else value for key, value in inputs.items()}
        return {**self.credentials[number], "id": number, "credential_type": 7, "inputs": shown}

    def _list(self, request: Request, _body: Any) -> Response:
        wanted = request.query_params["name"]
        return JSONResponse(
            {"results": [self._shown(n) for n, one in self.credentials.items() if one["name"] == wanted]}
        )

    def _read(self, request: Request, _body: Any) -> Response:
        number = request.path_params["id"]
        if number not in self.credentials:
            return JSONResponse({"detail": "Not found."}, 404)
        return JSONResponse(self._shown(number))

    def _change(self, request: Request, body: Any) -> Response:
        number = request.path_params["id"]
        before = self.credentials[number]["inputs"]
        # As AWX does it: all inputs are replaced, and a secret one may be kept.
        after = {key: before[key] if value == ENCRYPTED else value for key, value in body["inputs"].items()}
        if not self.forgets:
            self.credentials[number]["inputs"] = after
        return JSONResponse(self._shown(number))

    def _type(self, _request: Request, _body: Any) -> Response:
        fields = [{"id": "url", "type": "string"}]
        fields += [{"id": name, "type": "string", "secret": True} for name in self.secret_inputs]
        return JSONResponse({"id": 7, "inputs": {"fields": fields}})


@dataclass
class Vault(Server):
    """One KV engine of version 2: versions by path; None is a deleted one."""

    versions: dict[str, list[dict[str, Any] | None]] = field(default_factory=dict)
    # Called before each write, as somebody else who writes in between.
    between: Callable[[str], None] = lambda path: None
    namespaces: list[str | None] = field(default_factory=list)

    def app(self) -> Starlette:
        work = self.handle("x-vault-token", self.token, self._secret)
        return Starlette(routes=[Route("/v1/secret/data/{path:path}", work, methods=["GET", "POST"])])

    def _secret(self, request: Request, body: Any) -> Response:
        path = request.path_params["path"]
        self.namespaces.append(request.headers.get("x-vault-namespace"))
        if body is None:
            return self._newest(path)
        self.between(path)
        kept = self.versions.setdefault(path, [])
        if body["options"]["cas"] != len(kept):
            said = "check-and-set parameter did not match the current version"
            return JSONResponse({"errors": [said]}, 400)
        kept.append(body["data"])
        return JSONResponse({"data": {"version": len(kept)}})

    def _newest(self, path: str) -> Response:
        kept = self.versions.get(path)
        if not kept:
            return JSONResponse({"errors": []}, 404)
        data = {"data": kept[-1], "metadata": {"version": len(kept)}}
        return JSONResponse({"data": data}, 200 if kept[-1] is not None else 404)


class Served(Protocol):
    """What can be served; it gets its URL then."""

    url: str

    def app(self) -> Starlette:
        """What answers."""


@contextmanager
def running(server: Served) -> Iterator[None]:
    """Serves it, at ``server.url``."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        server.app(), lifespan="off", log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    web = uvicorn.Server(config)
    thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        end = time.monotonic() + 10
        while not web.started:
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.01)  # until the next look
        yield
    finally:
        web.should_exit = web.force_exit = True
        thread.join(10)
        listening.close()
