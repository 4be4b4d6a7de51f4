# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong at one request of a task, above all: servers that quote what they were sent."""

from __future__ import annotations

from typing import Any

from emulator.echoes import FORMS

# A server's own page, and a half answer of the log-in or of a creation, may hold what nobody knows yet.
BROKEN: dict[str, dict[str, Any]] = {
    "500": {"kind": "status", "status": 500},
    "502": {"kind": "status", "status": 502},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "404": {"kind": "status", "status": 404},
    "409": {"kind": "status", "status": 409},
    "429": {"kind": "status", "status": 429, "retry_after": "0"},
    "reset before": {"kind": "reset_before"},
    "reset after": {"kind": "reset_after"},
    "cut off": {"kind": "truncate"},
    "short": {"kind": "truncate", "short": True},
    "log-in page": {"kind": "html"},
    "empty": {"kind": "empty"},
    "no UTF-8": {"kind": "invalid_utf8"},
    "wrong type": {"kind": "wrong_type"},
    "session ended": {"kind": "expire"},
}
# The most telling ones, for every way to log in.
QUOTING: dict[str, dict[str, Any]] = {
    "headers quoted": {"kind": "echo", "part": "headers"},
    "body quoted": {"kind": "echo", "part": "body"},
    "headers quoted with 200": {"kind": "echo", "part": "headers", "form": "text", "status": 200},
    "body quoted with 500": {"kind": "echo", "part": "body", "form": "nested", "status": 500},
    "input of the signature quoted": {"kind": "echo", "part": "signed", "form": "json", "status": 401},
    "headers in every field": {"kind": "echo", "part": "headers", "form": "fields", "status": 200},
    "body in every field": {"kind": "echo", "part": "body", "form": "fields", "status": 200},
    "headers in the request's name": {"kind": "echo", "part": "headers", "form": "request_id", "status": 403},
}
# What a proxy may do.
PROXY = {name: QUOTING[name] for name in ("headers quoted", "headers in every field")}
REST: dict[str, dict[str, Any]] = {
    f"{part} as {form}, {status}": {"kind": "echo", "part": part, "form": form, "status": status}
    for form in FORMS
    for part in ("headers", "body")
    for status in ((302,) if form == "location" else (200, 400, 401, 500))
}
