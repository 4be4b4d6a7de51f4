# SPDX-License-Identifier: GPL-3.0-or-later
"""Alteryx Server's OAuth2 client credentials grant, and who a bearer token stands for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from .platform import JsonAnswer, Platform, Switch
from .sessions import Sessions
from .state import NEEDED, filled

FORM = "application/x-www-form-urlencoded"
FIELDS = {"grant_type", "client_id", "client_secret", "scope", "resource"}  # the last two: seen in a working script
CLIENT = {"client_id": NEEDED, "client_secret": NEEDED, "api_token": None, "user": None}

SWITCHES = (
    Switch("client_auth", ("both", "basic", "form"), "both", "how the token endpoint takes client id and secret"),
    Switch("token_life", ("3600", "300", "60"), "3600", "seconds an access token lives"),
    Switch("token_type", ("bearer", "Bearer"), "bearer", "the spelling of token_type"),
    Switch("expires_in", ("number", "string", "missing"), "number", "how the token answer tells its life"),
    Switch("token_error", ("400", "401", "401_empty"), "400", "the answer to wrong client credentials"),
)


class Auth:
    """Sessions belong to the id of the user whose keys were used; None stands for a Curator who is not in the state."""

    def __init__(self, platform: Platform, clients: list[dict[str, Any]]) -> None:
        self.platform = platform
        whole = [filled("alteryx client", client, CLIENT) for client in clients]
        self.clients = {client["client_id"]: client for client in whole}
        self.sessions: Sessions[str | None] = Sessions(platform.clock)
        # tokens that were handed out before the emulator started; they have no end
        self.given = {client["api_token"]: client["user"] for client in whole if client["api_token"]}

    def secrets(self) -> Iterator[str]:
        yield from self.sessions.ever_issued()
        for client in self.clients.values():
            yield client["client_secret"]
            yield client["api_token"] or ""

    def expire(self) -> None:
        self.sessions.expire()
        self.given.clear()

    def user(self, request: Request) -> tuple[str | None] | None:
        """Whose request this is, in a tuple; None for a missing, unknown or expired token."""
        scheme, _ignored, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            self.platform.complain(request, "no bearer token")
            return None
        if token in self.given:
            return (self.given[token],)
        session = self.sessions.find(token)
        return session and (session[0],)

    def token(self, request: Request) -> Response:
        """POST /oauth2/token"""
        settings, complain = self.platform.settings, self.platform.complain
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            complain(request, f"Content-Type is not {FORM}")
            return refused(400, "invalid_request")
        form = dict(parse_qsl(self.platform.body(request).decode("utf-8", "replace")))
        if set(form) - FIELDS:
            complain(request, f"unknown form fields {sorted(set(form) - FIELDS)}")
        if form.get("grant_type") != "client_credentials":
            complain(request, "grant_type is not client_credentials")
            return refused(400, "unsupported_grant_type")
        basic = basic_credentials(request)
        if basic and ("client_id" in form or "client_secret" in form):
            complain(request, "client credentials in the header and in the form")
            return refused(400, "invalid_request")
        way = "basic" if basic else "form"
        client_id, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        client = self.clients.get(client_id)
        if settings["client_auth"] not in (way, "both") or client is None or client["client_secret"] != secret:
            if settings["token_error"] == "401_empty":
                return Response(status_code=401)
            return refused(int(settings["token_error"]), "invalid_client")
        life = int(settings["token_life"])
        token = self.sessions.issue(client["user"], life)
        answer: dict[str, Any] = {"access_token": token, "token_type": settings["token_type"], "expires_in": life}
        if settings["expires_in"] == "missing":
            del answer["expires_in"]
        elif settings["expires_in"] == "string":
            answer["expires_in"] = str(life)
        return JsonAnswer(answer)


def basic_credentials(request: Request) -> tuple[str, str] | None:
    scheme, _ignored, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _ignored, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def refused(status: int, error: str) -> Response:
    return JsonAnswer({"error": error, "error_description": f"The request was refused: {error}."}, status)
