# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: finds the tenant and the endpoint, records, lets faults happen, answers."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .control import control
from .fault_effects import Effects
from .faults import FaultPlan
from .platform import Answer, Clock, Endpoint, JsonAnswer, Platform
from .platforms import PLATFORMS
from .recorder import Mask, Record, Recorder

Specs = Mapping[str, Mapping[str, Any]]  # tenant -> its state; "platform" names the vendor, default the tenant's name


class Tenant:
    """A platform with its routes compiled for the hot path."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.mount = platform.mount
        self.inside = platform.mount + "/"
        self.routes: dict[str, list[Endpoint]] = {}
        for route in platform.routes():
            self.routes.setdefault(route.method, []).append(route)

    def below(self, path: str) -> str | None:
        """The part of a path below the mount point ("/" for the mount point itself); None for a path outside."""
        if path == self.mount:
            return "/"
        return path[len(self.mount) :] if path.startswith(self.inside) else None

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]] | None:
        """The endpoint of a path under the mount point, with its path parameters."""
        for route in self.routes.get(method, ()):
            match = route.path_regex.match(path)
            if match:
                convertors = route.param_convertors
                return route, {key: convertors[key].convert(value) for key, value in match.groupdict().items()}
        return None

    def knows(self, path: str) -> bool:
        """Whether any method is served at this path."""
        return any(route.path_regex.match(path) for routes in self.routes.values() for route in routes)


class App:
    """All tenants, what they were asked, and what is to go wrong. Lives in one event loop."""

    def __init__(self, specs: Specs | None = None, switches: Mapping[str, str] | None = None, latency_ms: float = 0):
        self.start_specs: Specs = {**{name: {} for name in PLATFORMS}, **(specs or {})}
        self.start_switches = dict(switches or {})
        self.latency = latency_ms / 1000
        self.clock = Clock()
        self.recorder = Recorder()
        self.faults = FaultPlan()
        self.effects = Effects()
        self.tenants: dict[str, Tenant] = {}
        self._connections = 0
        self._dated = (0, "")
        self.reset()

    # --- control -----------------------------------------------------------------------------------------------

    def reset(self, switches: Mapping[str, str] | None = None, state: Specs | None = None) -> None:
        """Back to the start: tenants, state, switches, clock; no requests, no faults.

        `switches` ({"tenant.switch": value}) and `state` (as a state file) are put on top of the start values.
        Raises ValueError, with nothing changed, for what is unknown.
        """
        clock = Clock()
        tenants = {}
        for name, spec in {**self.start_specs, **(state or {})}.items():
            kind = spec.get("platform", name)
            if kind not in PLATFORMS:
                raise ValueError(f"{name}: no platform {kind!r}; there are {sorted(PLATFORMS)}")
            platform = PLATFORMS[kind](clock, name)
            platform.load({key: value for key, value in spec.items() if key != "platform"})
            tenants[name] = Tenant(platform)
        set_switches(tenants, {**self.start_switches, **(switches or {})})
        self.clock, self.tenants = clock, tenants
        self.recorder.clear()
        self.faults.set([])
        self.effects.release()

    def set_switches(self, switches: Mapping[str, str]) -> None:
        """Set switches and keep everything else. Raises ValueError for what is unknown."""
        set_switches(self.tenants, switches)

    def switches(self) -> dict[str, dict[str, Any]]:
        return {
            f"{name}.{switch.name}": {
                "value": tenant.platform.settings[switch.name],
                "choices": list(switch.choices),
                "default": switch.default,
                "about": switch.about,
            }
            for name, tenant in self.tenants.items()
            for switch in tenant.platform.switches
        }

    def requests(self, since: int = 0, full: bool = False) -> list[dict[str, Any]]:
        return self.recorder.show(self._mask(), since, full)

    def numbers(self) -> dict[str, float]:
        """How many requests, writes and connections there were, and this process's CPU seconds; quick."""
        records = self.recorder.records
        return {
            "requests": len(records),
            "writes": sum(record.write for record in records),
            "connections": len({record.connection for record in records}),
            "cpu_s": time.process_time(),
        }

    def complaints(self) -> list[dict[str, Any]]:
        """What clients sent that no document allows, by request number."""
        every = [note for tenant in self.tenants.values() for note in tenant.platform.complaints]
        shown: list[dict[str, Any]] = self._mask().json(sorted(every, key=lambda note: note["n"] or 0))
        return shown

    def dump(self) -> dict[str, Any]:
        return {name: tenant.platform.dump() for name, tenant in self.tenants.items()}

    def connections(self, base_url: str) -> dict[str, dict[str, str]]:
        """Connection options of every tenant, as the ready line prints them."""
        return {name: tenant.platform.connection(base_url) for name, tenant in self.tenants.items()}

    def _mask(self) -> Mask:
        return Mask(secret for tenant in self.tenants.values() for secret in tenant.platform.secrets())

    # --- serving -----------------------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith("/_emulator/"):
            await control(self, scope, receive, send)
            return
        raw: bytes = scope["raw_path"]
        query: bytes = scope["query_string"]
        target = (raw + b"?" + query if query else raw).decode("latin-1")
        method: str = scope["method"]
        record = self.recorder.begin(method, target, self._connection(scope), scope["headers"])
        scope["emulator.n"] = record.n
        scope["emulator.body"] = record.body = await _read(receive)

        tenant = self.tenants.get(path.split("/", 2)[1])
        found = None
        if tenant is not None:
            record.platform, record.api = tenant.platform.tenant, tenant.platform.name
            below = tenant.below(path)
            if below is not None:
                found = tenant.find(method, below)
        record.write = found[0].write if found else method not in ("GET", "HEAD", "OPTIONS")

        async def handle() -> Response:
            return await self._handle(tenant, found, scope, receive, record)

        fault = self.faults.pick(method, target) if self.faults.faults else None
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault is None:
            response = await handle()
            record.status = response.status_code
            await response(scope, receive, send)
            return
        platform = tenant.platform if tenant else None
        await self.effects.run(fault, platform, handle, record, (scope, receive, send))

    async def _handle(
        self,
        tenant: Tenant | None,
        found: tuple[Endpoint, dict[str, Any]] | None,
        scope: Scope,
        receive: Receive,
        record: Record,
    ) -> Response:
        """Let the platform answer; what it changes, it changes here."""
        if tenant is None:
            return JsonAnswer({"emulator": f"no such platform; there are {sorted(self.tenants)}"}, 404)
        platform = tenant.platform
        request = Request(scope, receive)
        try:
            if found is None:
                return _unrouted(tenant, request)
            endpoint, scope["path_params"] = found
            if scope["query_string"] and not endpoint.query.issuperset(request.query_params):
                unknown = sorted(set(request.query_params) - endpoint.query)
                platform.complain(request, f"unknown query keys {unknown}")
            response: Response = endpoint.endpoint(request)
            if asyncio.iscoroutine(response):
                response = await response
        except Answer as answer:
            response = answer.response
        except Exception:  # noqa: BLE001  # a bug here must be seen by the test that meets it, not only in a log
            platform.complain(request, "emulator bug: " + traceback.format_exc())
            response = JsonAnswer({"emulator": "bug; see the complaints"}, 500)
        response.headers["date"] = self._date()
        # a handler may know better than its endpoint whether this request was a change
        record.write = scope.get("emulator.write", record.write)
        return response

    def _date(self) -> str:
        """The Date header: what clients may take for the vendor's time."""
        second = int(self.clock.now())
        if second != self._dated[0]:
            self._dated = second, formatdate(second, usegmt=True)
        return self._dated[1]

    def _connection(self, scope: Scope) -> int:
        connection = scope["emulator.connection"]
        if connection.number is None:
            self._connections += 1
            connection.number = self._connections
        number: int = connection.number
        return number


def set_switches(tenants: Mapping[str, Tenant], switches: Mapping[str, str]) -> None:
    for key, value in switches.items():
        name, _ignored, switch = key.partition(".")
        if name not in tenants:
            raise ValueError(f"{key}: no tenant {name!r}; there are {sorted(tenants)}")
        tenants[name].platform.set(switch, value)


def _unrouted(tenant: Tenant, request: Request) -> Response:
    platform, below = tenant.platform, tenant.below(request.scope["path"])
    if below is None:
        platform.complain(request, f"outside of {tenant.mount}")
        return platform.outside(request)
    if tenant.knows(below):
        platform.complain(request, "wrong method")
        return platform.method_not_allowed(request)
    platform.complain(request, "unknown route")
    return platform.not_found(request)


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body
