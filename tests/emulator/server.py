# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves the application on the loopback interface: in this process's main thread, or in a thread for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import App, Specs

HOST = "127.0.0.1"
T = TypeVar("T")


class Connection(HttpToolsProtocol):
    """One TCP connection; faults reach its transport through the request's scope."""

    number: int | None = None  # given by the application at the first request

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["emulator.connection"] = self  # type: ignore[typeddict-unknown-key]  # scopes may carry extras


class Server(uvicorn.Server):
    """A server that says when it is ready, and ends without waiting for the faults that are under way."""

    def __init__(self, app: App, port: int = 0, ready: Callable[[int], None] = lambda port: None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                lifespan="off",
                log_level="error",
                access_log=False,
                server_header=False,
                date_header=False,  # the application dates its answers, by the emulator's clock
                proxy_headers=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        self.app = app
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((HOST, port))
        self.ready = ready
        self.loop: asyncio.AbstractEventLoop

    @property
    def port(self) -> int:
        number: int = self.socket.getsockname()[1]
        return number

    def serve_forever(self) -> None:
        self.run(sockets=[self.socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready(self.port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.app.effects.release()
        await super().shutdown(sockets)


class Emulator:
    """The emulator in a thread, for tests: `with Emulator() as emulator: ...emulator.connections["devo"]...`.

    state: as a state file, {tenant: {...}}; switches: {"tenant.switch": value}. Both are start values, that `reset`
    goes back to.
    """

    def __init__(
        self, state: Specs | None = None, switches: Mapping[str, str] | None = None, latency_ms: float = 0
    ) -> None:
        self._app = App(state, switches, latency_ms)
        self._started = threading.Event()
        self._server = Server(self._app, ready=lambda port: self._started.set())
        self.port = self._server.port
        self.base_url = f"http://{HOST}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="emulator", daemon=True)

    def __enter__(self) -> Emulator:
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the emulator did not start")
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        if self._thread.is_alive():
            raise RuntimeError("the emulator did not end")

    def _call(self, function: Callable[[], T]) -> T:
        """Run a function in the server's loop, between two requests."""

        async def call() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self._server.loop).result(30)

    @property
    def connections(self) -> dict[str, dict[str, str]]:
        return self._call(lambda: self._app.connections(self.base_url))

    def requests(self, since: int = 0, full: bool = False) -> list[dict[str, Any]]:
        return self._call(lambda: self._app.requests(since, full))

    def writes(self, since: int = 0, full: bool = False) -> list[dict[str, Any]]:
        """The requests that changed something, or tried to."""
        return [request for request in self.requests(since, full) if request["write"]]

    def complaints(self) -> list[dict[str, Any]]:
        return self._call(self._app.complaints)

    def secrets(self, platform: str) -> list[str]:
        """What the record of requests masks: everything secret that the tenant holds or has handed out."""
        return self._call(lambda: list(self._app.tenants[platform].platform.secrets()))

    def state(self, platform: str) -> dict[str, Any]:
        return self._call(lambda: self._app.dump()[platform])

    def switches(self) -> dict[str, dict[str, Any]]:
        return self._call(self._app.switches)

    def set_switches(self, switches: Mapping[str, str]) -> None:
        self._call(lambda: self._app.set_switches(switches))

    def reset(self, switches: Mapping[str, str] | None = None, state: Specs | None = None) -> None:
        self._call(lambda: self._app.reset(switches, state))

    def faults(self, specs: Iterable[Mapping[str, Any]]) -> None:
        self._call(lambda: self._app.faults.set(specs))

    def clock_advance(self, seconds: float) -> None:
        self._call(lambda: self._app.clock.advance(seconds))
