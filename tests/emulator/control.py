# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's own endpoints, /_emulator/*: what tests look at and steer by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .platform import JsonAnswer

if TYPE_CHECKING:
    from .app import App


async def control(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request to /_emulator/*; what cannot be read gets 400 with the reason."""
    request = Request(scope, receive)
    action = (request.method, request.url.path.removeprefix("/_emulator/"))
    try:
        body = await request.body()
        response: Response = JsonAnswer(_act(app, action, request, json.loads(body) if body else None))
    except (ValueError, TypeError, KeyError) as error:
        response = JsonAnswer({"error": f"{type(error).__name__}: {error}"}, 400)
    except LookupError as error:
        response = JsonAnswer({"error": str(error)}, 404)
    await response(scope, receive, send)


def _act(app: App, action: tuple[str, str], request: Request, body: Any) -> Any:
    query = request.query_params
    if action == ("GET", "requests"):
        shown = app.requests(int(query.get("since", "0")), query.get("full", "") == "1")
        return {"requests": shown, "complaints": app.complaints()}
    if action == ("GET", "numbers"):
        return app.numbers()
    if action == ("GET", "state"):
        return app.dump()
    if action == ("GET", "switches"):
        return app.switches()
    if action == ("POST", "switches"):
        app.set_switches(body)
        return app.switches()
    if action == ("POST", "reset"):
        app.reset(**(body or {}))
        return {"platforms": app.connections(str(request.base_url).rstrip("/"))}
    if action == ("POST", "faults"):
        app.faults.set(body or [])
        return {"faults": len(app.faults.faults)}
    if action == ("POST", "clock"):
        app.clock.advance(float(body["advance_s"]))
        return {"now": app.clock.now()}
    raise LookupError(f"the emulator has no {action[0]} /_emulator/{action[1]}")
