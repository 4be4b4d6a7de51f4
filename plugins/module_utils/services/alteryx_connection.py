# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alteryx Server V3: how it is reached, and how to log in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.auth import (
    Granted,
    SessionToken,
    StaticHeader,
    basic,
)
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Credential, Platform

LOG_IN = "/oauth2/token"
_CURATOR = "a user with the role Curator"


class _LogIn:
    """OAuth2 client credentials: ``POST /oauth2/token``, ``{"access_token", "token_type", "expires_in"}``.

    Working clients send the credentials either in a Basic header or as form fields; the documents name neither, and
    sending both is an error in OAuth2. The first way that works is kept for renewals.
    """

    def __init__(self, client: Client, client_id: str, client_secret: str) -> None:
        self._client = client
        self._id = client_id
        self._secret = client_secret
        self._ways = [self._in_header, self._in_form]

    def __call__(self) -> Granted:
        first, *others = self._ways
        try:
            return first()
        except AccessError as error:
            if error.kind != "auth" or not others:
                raise self._explained(error) from None
        try:
            granted = others[0]()
        except AccessError as error:
            raise self._explained(error) from None
        self._ways = others
        return granted

    def _in_header(self) -> Granted:
        return self._ask({}, StaticHeader("Authorization", basic(self._id, self._secret), "Basic "))

    def _in_form(self) -> Granted:
        return self._ask({"client_id": self._id, "client_secret": self._secret}, None)

    def _ask(self, fields: Mapping[str, str], auth: StaticHeader | None) -> Granted:
        form = {"grant_type": "client_credentials", **fields}
        answer = self._client.log_in("log in to Alteryx Server", "POST", LOG_IN, form=form, auth=auth)
        where = "the log-in's answer"
        record = wire.record(answer.data, where)
        return Granted(wire.text(record, "access_token", where), _seconds(record.get("expires_in")))

    def _explained(self, error: AccessError) -> AccessError:
        if error.kind == "auth":
            error.message += (
                f". client_id and client_secret are the API access key and secret of {_CURATOR} who has API access "
                "(My Profile, Keys)"
            )
        return error


def _seconds(value: Any) -> float | None:
    """``expires_in``, a number or a numeral; None when it says nothing useful."""
    if isinstance(value, bool):
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < float("inf") else None


def connect(connection: Connection) -> Client:
    """A client with the token or the key pair of ``connection``."""
    client = Client(
        connection.settings,
        title=connection.platform.title,
        redactor=connection.redactor,
        log_in_posts=(LOG_IN,),
        advice={
            # Its Swagger document declares no 403: 401 is the answer for both.
            "auth": f"check the credentials; Alteryx Server says the same when they are not those of {_CURATOR}",
            "permission": f"use the credentials of {_CURATOR}",
        },
    )
    if connection.has("api_token"):
        client.auth = StaticHeader("Authorization", connection.credentials["api_token"], prefix="Bearer ")
    else:
        client_id, secret = connection.credentials["client_id"], connection.credentials["client_secret"]
        client.auth = SessionToken("Authorization", _LogIn(client, client_id, secret), client_id, prefix="Bearer ")
    return client


PLATFORM = Platform(
    name="alteryx",
    title="Alteryx Server",
    prefix="ALTERYX",
    credentials=(
        Credential("client_id", "ALTERYX_CLIENT_ID", secret=False),
        Credential("client_secret", "ALTERYX_CLIENT_SECRET"),
        Credential("api_token", "ALTERYX_API_TOKEN"),
    ),
    methods=(("client_id", "client_secret"), ("api_token",)),
    connect=connect,
    url_example="https://alteryx.example.com/webapi",
    not_covered=(
        "who is in a subscription that is not declared: only its number of users is read",
        "roles of users (Curator among them), whether they are enabled, and when they last logged in",
        "what is shared with users or groups outside of subscriptions: collections, credentials, data connections",
        "who holds the keys of a subscription or the API access of a Curator",
    ),
    tenant_options=(),
)
