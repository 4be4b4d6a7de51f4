# SPDX-License-Identifier: GPL-3.0-or-later
"""What every emulated vendor API is made of: switches, state, endpoints, strict reading of requests."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Handler = Callable[[Request], Response | Awaitable[Response]]

# For the shape of a JSON body: key -> what its value may be. Never `object()`: a shape names types.
Types = type | tuple[type, ...]
ANY: tuple[type, ...] = (dict, list, str, int, float, bool, type(None))


class Clock:
    """The emulator's time: the real one, plus what tests moved it forward by."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds


@dataclass(frozen=True)
class Switch:
    """One point where a vendor's documents conflict, are silent, or are only assumed."""

    name: str
    choices: tuple[str, ...]
    default: str
    about: str  # the question that the switch stands for

    def __post_init__(self) -> None:
        if self.default not in self.choices:
            raise ValueError(f"switch {self.name}: default {self.default!r} is not one of {self.choices}")


class Answer(Exception):
    """Raised by a handler's helpers to end the request with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class JsonAnswer(Response):
    """A JSON response with the shortest possible way to the wire."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Endpoint(Route):
    """One method of one path.

    query: the query keys that some reading of the documents knows; others are ignored and complained about.
    write: whether the vendor's meaning of the call is a change (default: by HTTP method).
    """

    def __init__(
        self, method: str, path: str, handler: Handler, *, query: Iterable[str] = (), write: bool | None = None
    ) -> None:
        super().__init__(path, handler, methods=[method])
        self.methods = {method}  # no HEAD beside GET: no vendor documents it
        self.method = method
        self.query = frozenset(query)
        self.write = method not in ("GET", "HEAD", "OPTIONS") if write is None else write


class Platform:
    """Base of one tenant of one vendor. Nothing here is shared between tenants."""

    name: ClassVar[str]
    prefix: ClassVar[str]  # begins with "/" + name; the name is replaced by the tenant's
    switches: ClassVar[tuple[Switch, ...]] = ()
    start_state: ClassVar[dict[str, Any]] = {}

    def __init__(self, clock: Clock, tenant: str | None = None) -> None:
        self.clock = clock
        self.tenant = tenant or self.name
        self.mount = f"/{self.tenant}{self.prefix.removeprefix('/' + self.name)}"
        self.complaints: list[dict[str, Any]] = []
        self.settings: dict[str, str] = {switch.name: switch.default for switch in self.switches}
        self.state: dict[str, Any] = {}
        self.reset()

    # --- what a platform defines -------------------------------------------------------------------------------

    def routes(self) -> list[Endpoint]:
        """Endpoints with paths relative to the mount point. Handlers take the Request and return a Response."""
        raise NotImplementedError

    def connection(self, base_url: str) -> dict[str, str]:
        """Connection options as the ready line prints them; `base_url` is http://host:port."""
        raise NotImplementedError

    def not_found(self, request: Request) -> Response:
        """The vendor's answer to a route it does not have."""
        return self.error(404, "Not Found")

    def method_not_allowed(self, request: Request) -> Response:
        """The vendor's answer to a known path with a wrong method."""
        return self.error(405, "Method Not Allowed")

    def outside(self, request: Request) -> Response:
        """The answer of the vendor's host to a path outside the API (a wrong base URL)."""
        return self.not_found(request)

    def bad_request(self, request: Request, message: str) -> Response:
        """The vendor's answer to a body or a header it cannot take."""
        return self.error(400, message)

    def error(self, status: int, message: str) -> Response:
        """An error in the vendor's shape; faults use it too."""
        return JsonAnswer({"error": message}, status)

    def expire_sessions(self) -> None:
        """Forget the session tokens issued so far. Platforms without sessions have none to forget."""

    def secrets(self) -> Iterable[str]:
        """Values that the record of requests must never show."""
        return ()

    def loaded(self) -> None:
        """Called after the state was put in place: build indexes, zero counters, forget sessions."""

    def dump(self) -> dict[str, Any]:
        """Everything the tenant holds, as plain JSON that `load` takes."""
        return copy.deepcopy(self.state)

    # --- state and switches ------------------------------------------------------------------------------------

    def load(self, state: Mapping[str, Any]) -> None:
        """Put the start state in place with the given top-level keys instead of its own.

        Raises ValueError for a key that the platform does not know.
        """
        unknown = set(state) - set(self.start_state)
        if unknown:
            raise ValueError(f"{self.tenant}: unknown state {sorted(unknown)}; known: {sorted(self.start_state)}")
        self.state = copy.deepcopy({**self.start_state, **state})
        self.loaded()

    def reset(self) -> None:
        self.load({})

    def set(self, switch: str, value: str) -> None:
        """Set one switch. Raises ValueError for an unknown switch or value."""
        found = next((each for each in self.switches if each.name == switch), None)
        if found is None:
            raise ValueError(f"{self.tenant}: no switch {switch!r}; there are {sorted(self.settings)}")
        if value not in found.choices:
            raise ValueError(f"{self.tenant}.{switch}: {value!r} is not one of {list(found.choices)}")
        self.settings[switch] = value
        self.switched()

    def switched(self) -> None:
        """Called after a switch was set, for what must be built anew."""

    # --- strict reading of requests ----------------------------------------------------------------------------

    def complain(self, request: Request, message: str) -> None:
        """Note that the client sent what no document allows."""
        self.complaints.append(
            {
                "n": request.scope.get("emulator.n"),
                "platform": self.tenant,
                "method": request.method,
                "path": request.url.path,
                "message": message,
            }
        )

    def refuse(self, request: Request, message: str) -> Answer:
        """Complain, and build the answer to raise."""
        self.complain(request, message)
        return Answer(self.bad_request(request, message))

    def body(self, request: Request) -> bytes:
        """The whole body; it was read before the handler was called."""
        body: bytes = request.scope["emulator.body"]
        return body

    def no_body(self, request: Request) -> None:
        """Complain where a body is sent that no document asks for."""
        if self.body(request):
            self.complain(request, "a body where none is due")

    def json_body(
        self, request: Request, shape: Mapping[str, Types], required: Iterable[str] = (), content_type: bool = True
    ) -> dict[str, Any]:
        """The body as a JSON object that has only the keys and types of `shape`; else raises Answer."""
        if content_type:
            given = request.headers.get("content-type", "")
            if given.partition(";")[0].strip().lower() != "application/json":
                raise self.refuse(request, f"Content-Type is {given!r}, not application/json")
        try:
            data = json.loads(self.body(request))
        except ValueError:
            raise self.refuse(request, "the body is not JSON") from None
        if not isinstance(data, dict):
            raise self.refuse(request, "the body is not a JSON object")
        for key, value in data.items():
            if key not in shape:
                raise self.refuse(request, f"unknown key {key!r} in the body")
            if not is_a(value, shape[key]):
                raise self.refuse(request, f"wrong type of {key!r} in the body: {type(value).__name__}")
        for key in required:
            if key not in data:
                raise self.refuse(request, f"missing key {key!r} in the body")
        return data


def is_a(value: Any, types: Types) -> bool:
    """Like isinstance, but a bool is no int."""
    types = types if isinstance(types, tuple) else (types,)
    return type(value) in types
