# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a Datasentinel platform is reached: its log-in, its session token, its errors.

Sources: the vendor's "Access Token" page and its published scripts.
"""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.auth import SessionToken, StaticHeader, basic
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Credential, Platform

LOG_IN = "/user-token"
TOKEN_HEADER = "user-token"  # noqa: S105 - the name of a header


def _find_error(answer: Answer) -> str | None:
    """The text of an error in a successful answer: the vendor's scripts look for the key ``error`` alone."""
    if isinstance(answer.data, dict) and answer.data.get("error"):
        return answer.message()
    return None


def _connect(connection: Connection) -> Client:
    client = Client(
        connection.settings,
        title=connection.platform.title,
        redactor=connection.redactor,
        log_in_posts=(LOG_IN,),
        find_error=_find_error,
        advice={
            "auth": "check api_username and api_password, or api_token, which lives 24 hours",
            "permission": "give the account in use the privilege 'admin' and the profile 'data admin'",
        },
    )
    if connection.has("api_token"):
        client.auth = StaticHeader(TOKEN_HEADER, connection.credentials["api_token"])
    else:
        username, password = connection.credentials["api_username"], connection.credentials["api_password"]
        client.auth = SessionToken(TOKEN_HEADER, lambda: log_in(client, username, password), username)
    return client


def log_in(client: Client, username: str, password: str) -> str:
    """A session token: ``POST /user-token``, Basic, no body; 201 ``{"user-token": "<JWT>"}``."""
    answer = client.log_in(
        f"log in to Datasentinel as '{username}'",
        "POST",
        LOG_IN,
        auth=StaticHeader("Authorization", basic(username, password), "Basic "),
    )
    return wire.text(wire.record(answer.data, "the log-in's answer"), TOKEN_HEADER, "the log-in's answer")


PLATFORM = Platform(
    name="datasentinel",
    title="Datasentinel",
    prefix="DATASENTINEL",
    credentials=(
        Credential("api_username", "DATASENTINEL_USERNAME", secret=False),
        Credential("api_password", "DATASENTINEL_PASSWORD"),
        Credential("api_token", "DATASENTINEL_API_TOKEN"),
    ),
    methods=(("api_username", "api_password"), ("api_token",)),
    connect=_connect,
    url_example="https://datasentinel.example.com/ds-api",
    not_covered=(
        "when a user last logged in, when the account was created, and whether it can log in",
        "whether a user logs in through a directory (LDAP)",
        "what a role lets its users see",
    ),
    tenant_options=(),
)
