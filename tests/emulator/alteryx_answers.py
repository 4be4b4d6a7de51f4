# SPDX-License-Identifier: GPL-3.0-or-later
"""How Alteryx Server's answers may look where its documents leave the shape open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from .alteryx_store import Json
from .platform import JsonAnswer, Switch

SWITCHES = (
    Switch("create", ("201", "200"), "201", "the status of a created subscription"),
    Switch(
        "create_body",
        ("full", "id_only", "id_string", "empty"),
        "full",
        "the body of that answer (the 200's schema is an untyped object); only the full one has apiKey and apiSecret",
    ),
    Switch("credential", ("empty", "null", "missing"), "empty", "how no default credential reads back"),
    Switch(
        "error_body",
        ("message", "modelState", "string", "empty", "html"),
        "message",
        "the shape of 400, 401, 403 and 404 on subscriptions, which have no schema",
    ),
    Switch("void_body", ("empty", "null", "object"), "empty", "the body of a 200 without schema (delete, move)"),
    Switch("without_accept", ("json", "xml"), "xml", "the answer where the client does not ask for application/json"),
)


class Answers:
    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings

    def data(self, request: Request, data: Any, status: int = 200) -> Response:
        """JSON, or XML for a client that did not ask for JSON."""
        if self.settings["without_accept"] == "xml" and not asks_for_json(request):
            body = f'<?xml version="1.0" encoding="utf-8"?>{xml("Object", data)}'
            return Response(body, status, media_type="application/xml")
        return JsonAnswer(data, status)

    def void(self) -> Response:
        style = self.settings["void_body"]
        return Response() if style == "empty" else JsonAnswer(None if style == "null" else {})

    def failure(self, status: int, message: str) -> Response:
        style = self.settings["error_body"]
        if style == "empty":
            return Response(status_code=status)
        if style == "html":
            return HTMLResponse(f"<html><head><title>IIS Detailed Error - {status}</title></head></html>", status)
        if style == "string":
            return JsonAnswer(message, status)
        if style == "modelState":
            return JsonAnswer({"message": "The request is invalid.", "modelState": {"contract": [message]}}, status)
        return JsonAnswer({"message": message}, status)

    def view(self, subscription: Json) -> Json:
        """SubscriptionView"""
        view: Json = {key: subscription[key] for key in ("id", "name", "canShareSchedules")}
        if subscription["credentialId"]:
            view["credentialId"] = subscription["credentialId"]
        elif self.settings["credential"] != "missing":
            view["credentialId"] = "" if self.settings["credential"] == "empty" else None
        return view

    def created(self, request: Request, subscription: Json) -> Response:
        status, style = int(self.settings["create"]), self.settings["create_body"]
        if style == "empty":
            return Response(status_code=status)
        if style == "id_string":
            return self.data(request, subscription["id"], status)
        if style == "id_only":
            return self.data(request, {"id": subscription["id"]}, status)
        whole = {
            "apiKey": subscription["apiKey"],
            "apiSecret": subscription["apiSecret"],
            "active": True,
            "expirationDate": "",
            "expDate": "2099-01-01T00:00:00Z",
            "dateUpdated": "2025-01-01T00:00:00Z",
            "apiEnabled": True,
            "credentials": [],
            "dataConnections": [],
        }
        return self.data(request, {**self.view(subscription), **whole}, status)


def asks_for_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "").lower()


def xml(tag: str, data: Any) -> str:
    if isinstance(data, dict):
        inner = "".join(xml(key, value) for key, value in data.items())
    elif isinstance(data, list):
        inner = "".join(xml("Object", each) for each in data)
    else:
        inner = "" if data is None else escape(str(data).lower() if isinstance(data, bool) else str(data))
    return f"<{tag}>{inner}</{tag}>"
