# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault `echo`: a server, or a proxy before it, that quotes what it was sent, credentials included."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from .platform import JsonAnswer, Platform
from .recorder import Record

# Headers that tell nothing of who asks.
_DULL = {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection", b"content-length", b"content-type"}


def echo(params: dict[str, Any], record: Record, response: Response, platform: Platform | None) -> Response:
    """The answer that quotes the request; `response` is what the platform would have answered."""
    return FORMS[params["form"]](PARTS[params["part"]](record), params["status"], response, platform)


def _headers(record: Record) -> str:
    return "; ".join(f"{k.decode('latin-1')}: {v.decode('latin-1')}" for k, v in record.headers if k not in _DULL)


def _body(record: Record) -> str:
    return record.body.decode("utf-8", "replace") or _headers(record)


def _signed(record: Record) -> str:
    """What a signature is made over, as servers quote it that complain of a wrong one: key, body and time."""
    headers = dict(record.headers)
    key = next((value for name, value in headers.items() if name.endswith(b"apikey")), b"")
    return (key + record.body + headers.get(b"x-logtrust-timestamp", b"")).decode("utf-8", "replace")


PARTS: dict[str, Callable[[Record], str]] = {"headers": _headers, "body": _body, "signed": _signed}


def _message(text: str, status: int, _response: Response, platform: Platform | None) -> Response:
    """The vendor's own shape of an error."""
    return JsonAnswer({"error": text}, status) if platform is None else platform.error(status, text)


def _json(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    return JsonAnswer({"error": "refused", "message": text, "request": {"sent": text, text: "sent"}}, status)


def _nested(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    """JSON in a string of JSON."""
    return JsonAnswer({"message": json.dumps({"request": json.dumps(text)})}, status)


def _url(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    return JsonAnswer({"message": f"https://login.example.com/?sent={quote(text, safe='')}"}, status)


def _base64(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    return JsonAnswer({"message": base64.b64encode(text.encode()).decode()}, status)


def _html(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    return HTMLResponse(f"<html><body><p>refused: {html.escape(text)}</p></body></html>", status)


def _text(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    return PlainTextResponse(f"refused: {text}", status)


def _location(text: str, status: int, _response: Response, _platform: Platform | None) -> Response:
    return RedirectResponse(f"https://login.example.com/?sent={quote(text, safe='')}", status)


def _request_id(text: str, status: int, response: Response, platform: Platform | None) -> Response:
    """In the header that names the request."""
    answer = _message("refused", status, response, platform)
    answer.headers["x-request-id"] = text.encode("ascii", "replace").decode()
    return answer


def _fields(text: str, status: int, response: Response, _platform: Platform | None) -> Response:
    """The platform's own answer with the request at the end of every text in it."""
    try:
        value = json.loads(bytes(response.body))
    except ValueError:
        value = ""
    return JsonAnswer(_filled(value, text), status)


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, text) for each in value]
    return f"{value} {text}" if isinstance(value, str) else value


FORMS: dict[str, Callable[[str, int, Response, Platform | None], Response]] = {
    "message": _message,
    "json": _json,
    "nested": _nested,
    "url": _url,
    "base64": _base64,
    "html": _html,
    "text": _text,
    "location": _location,
    "request_id": _request_id,
    "fields": _fields,
}
