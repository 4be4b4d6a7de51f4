# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Crownpeak DQM: which clients (DQM instances) a user has access to. Its API has nothing that could be changed.

Wire facts come from the vendor's pages "DQM-security" (log-in) and "DQM-identity" (a user's clients), and from what AWS
documents about the API Gateway that stands before both. Where these conflict or are silent, the function that copes
says so:

- The path is given once as ``/v1/users`` and once as ``/v1/v1/users``: :meth:`DqmClients._listed`.
- 403 stands for a route that does not exist, a token that ended and a right that is missing: :func:`_session_ended`,
  :func:`_no_such_route`, :meth:`DqmClients._explained`.
- The type of the claim ``uid`` is not documented: :meth:`DqmClients._own_id`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import NEXT, AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Option
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer, next_step, path
from ansible_collections.dataops.access.plugins.module_utils.http.auth import (
    Auth,
    SessionToken,
    StaticHeader,
    claims,
)
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Credential, Platform

HEADER, SCHEME = "Authorization", "Bearer "
LOG_IN = "/dqm-security/v1/authenticate"
# What API Gateway answers, with 403, to a request for a route that it does not have.
NO_ROUTE = "missing authentication token"
_OF_A_USER = re.compile(r"\buser\b", re.IGNORECASE)


def _find_error(answer: Answer) -> str | None:
    """The text of an error in a successful answer; none was seen, but the vendor's errors carry their status inside."""
    status = answer.data.get("statusCode") if isinstance(answer.data, dict) else None
    if isinstance(status, int) and status >= 400:
        return answer.message() or f"statusCode {status}"
    return None


def _session_ended(answer: Answer, auth: Auth) -> bool:
    """Whether a 403 means that the token has ended: API Gateway says so with 401 or 403, as it is configured."""
    if answer.status != 403:
        return False
    return "expired" in answer.message().lower() or any(_is_past(token) for token in auth.secrets())


def _is_past(token: str) -> bool:
    expires = claims(token).get("exp")
    return isinstance(expires, (int, float)) and expires <= time.time()


def _connect(connection: Connection) -> Client:
    client = Client(
        connection.settings,
        title=connection.platform.title,
        redactor=connection.redactor,
        log_in_posts=(LOG_IN,),
        find_error=_find_error,
        advice={"auth": "check api_username and api_password, or api_token, which lives two hours"},
        session_ended=lambda answer: _session_ended(answer, client.auth),
    )
    if connection.has("api_token"):
        client.auth = StaticHeader(HEADER, connection.credentials["api_token"], SCHEME)
    else:
        username, password = connection.credentials["api_username"], connection.credentials["api_password"]
        client.auth = SessionToken(HEADER, lambda: _log_in(client, username, password), username, SCHEME)
    return client


def _log_in(client: Client, username: str, password: str) -> str:
    """A session token: ``POST /dqm-security/v1/authenticate``, JSON ``{email, password}``; answers ``{token, …}``."""
    try:
        answer = client.log_in(
            f"log in to Crownpeak DQM as '{username}'",
            "POST",
            LOG_IN,
            json={"email": username, "password": password},
        )
    except AccessError as error:
        if error.status == 403 and NO_ROUTE in error.message.lower():
            error.kind, error.message = "not_found", f"{error.facts}{NEXT}{next_step('not_found')}"
        raise
    return wire.text(wire.record(answer.data, "the log-in's answer"), "token", "the log-in's answer")


PLATFORM = Platform(
    name="dqm",
    title="Crownpeak DQM",
    prefix="DQM",
    credentials=(
        Credential("api_username", "DQM_USERNAME", secret=False),
        Credential("api_password", "DQM_PASSWORD"),
        Credential("api_token", "DQM_API_TOKEN"),
    ),
    methods=(("api_username", "api_password"), ("api_token",)),
    connect=_connect,
    default_url="https://api.crownpeak.net",
    url_example="https://api.crownpeak.net",
    not_covered=(
        "users that are not expected: no call lists the users",
        "what a user may do in a client, and when they last logged in",
        "API keys of clients",
    ),
)


class DqmClients(Reader):
    """The clients of one user."""

    platform = PLATFORM
    info_options = (Option("user_id"), Option("name"), Option("status"))

    def info(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """``{clients: [{id, name, status}], user_id}``, sorted by name, then id: the server's order means nothing."""
        given = options.get("user_id")
        user_id = self._own_id() if given is None else checks.name("user_id", given)
        clients = [_client(item, f"clients[{place}]") for place, item in enumerate(self._listed(user_id))]
        wanted = {name: options[name] for name in ("name", "status") if options.get(name) is not None}
        clients = [client for client in clients if all(client[name] == value for name, value in wanted.items())]
        return {"clients": sorted(clients, key=lambda client: (client["name"], client["id"])), "user_id": user_id}

    def _own_id(self) -> str:
        """The claim ``uid`` of the session token, a number or a string (the vendor, asked where the id comes from)."""
        auth = self.client.auth
        token = auth.token() if isinstance(auth, SessionToken) else str(self.connection.credentials["api_token"])
        uid = claims(token).get("uid")
        if isinstance(uid, bool) or not isinstance(uid, (int, str)) or not str(uid).strip():
            raise AccessError(
                "The session token of Crownpeak DQM has no claim uid, so that the own user id is not known. "
                "Next: pass user_id",
                kind="protocol",
            )
        return str(uid)

    def _listed(self, user_id: str) -> list[Mapping[str, Any]]:
        """``GET …/users/{userId}/clients``, by the documents' template; if there is no such route, by their example.

        One page gives both ``/dqm-identity/v1/users`` and ``/dqm-identity/v1/v1/users``. There is no paging.
        """
        what = f"list the clients of the user '{user_id}'"
        route = path("users", user_id, "clients")
        try:
            answer = self._ask(what, f"/dqm-identity/v1{route}")
        except AccessError as error:
            if not _no_such_route(error):
                raise
            answer = self._ask_otherwise(what, f"/dqm-identity/v1/v1{route}", error)
        data = answer.data
        if isinstance(data, dict):
            if "clients" not in data:
                # An object of another kind must not look like a user without clients.
                raise wire.protocol_error("clients", "a list", None)
            data = [] if data["clients"] is None else data["clients"]
        return wire.records(data, "clients")

    def _ask_otherwise(self, what: str, address: str, first: AccessError) -> Answer:
        try:
            return self._ask(what, address)
        except AccessError as second:
            if not _no_such_route(second):
                raise
            # A 404 may be about the user as well; the one that says more is reported.
            told = second if NO_ROUTE in first.message.lower() and NO_ROUTE not in second.message.lower() else first
            told.add(f". Neither /v1/users nor /v1/v1/users of dqm-identity answered for this user ({address})")
            raise told from None

    def _ask(self, what: str, address: str) -> Answer:
        try:
            answer: Answer = self.client.read(what, "GET", address)
        except AccessError as error:
            raise self._explained(error) from None
        return answer

    def _explained(self, error: AccessError) -> AccessError:
        """A refusal with what it may mean, and the name under which the vendor's support finds the request."""
        if error.status == 403:
            error.add(
                ". A 403 of this API may mean that the route does not exist, that the token has ended, or that the "
                "account may not see this user"
            )
        if error.status in (401, 403):
            if any(_is_past(token) for token in self.client.auth.secrets()):
                error.add(". The token in use is past its end; log in again")
            if error.request_id:
                error.add(f" (x-amzn-RequestId: {error.request_id})")
        return error


def _client(item: Mapping[str, Any], where: str) -> dict[str, str]:
    names = {field: wire.text(item, field, where, default="") for field in ("name", "status")}
    return {"id": wire.identifier(item, "id", where), **names}


def _no_such_route(error: AccessError) -> bool:
    """Whether the path itself is refused: 404, or 403 with API Gateway's words for it. No other 403, and never 401.

    A 404 that speaks of a user comes from a route that is there; what else a 404 says tells nothing.
    """
    if error.status == 404:
        return _OF_A_USER.search(error.message.partition(" answered 404")[2]) is None
    return error.status == 403 and NO_ROUTE in error.message.lower()
