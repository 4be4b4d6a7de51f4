# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo: how its two APIs are reached. The objects are in :mod:`devo_users` and :mod:`devo_tokens`.

The Provisioning API (``/probio``: users of a domain) and the token API (also published as the Credentials API) stand on
one host, take different proofs of who is asking, and fail in the same shapes. Sources: the vendor's "Provisioning API",
"Authorizing Provisioning API Requests" and "Basic operations in the Credentials API" pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Option
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer, path
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Auth, Signature, StaticHeader
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Credential, Platform

# Which header names the key of a signed request. Which one is right depends on the key that one holds, not on the
# domain: the latest page wants the second for multitenant domains, published scripts use the first for them too.
KEY_HEADERS = {"domain": "x-logtrust-domain-apikey", "multitenant": "x-logtrust-reseller-apikey"}
STAND_ALONE = "standAloneToken"
BEARER = "bearer"

# Codes of the Provisioning API in a 400 that says that the object is in another state than was thought: an owner cannot
# be deleted, one who is disabled cannot be disabled. 100 is generic, and means that only with the words below.
_CONFLICTS = (112, 116)
_EXISTS = "already exists"

_ADVICE = {
    "auth": (
        "check api_token, or api_key, api_secret and api_key_type (a domain of a reseller may take the multitenant key "
        "alone), and whether they belong to this region"
    ),
    "permission": "give the account in use a role with the permission for this, and the token its audience and scopes",
    "not_found": (
        "check api_url (another region answers so), domain or account, provisioning_path or tokens_path, and api_key "
        "and api_secret (a wrong signature was reported to answer so too); this is never read as 'absent'"
    ),
}


def error_code(answer: Answer) -> int | None:
    """The code in ``{"error": {"code": …, "message": …}}``; None where there is none."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def already_exists(answer: Answer) -> bool:
    """Whether a 4xx says that the object is there: a 400 with these words (code 100, which is generic), or a 409."""
    return answer.status == 409 or (answer.status == 400 and _EXISTS in answer.message().lower())


def _find_error(answer: Answer) -> str | None:
    """The text of an error in a successful answer."""
    if isinstance(answer.data, dict) and answer.data.get("error"):
        return answer.message() or "an error without a text"
    return None


def classify(answer: Answer) -> str | None:
    """A conflict where status 400 alone would say validation."""
    if already_exists(answer) or (answer.status == 400 and error_code(answer) in _CONFLICTS):
        return "conflict"
    return None


def bearer(connection: Connection) -> Auth | None:
    """The token as the token API takes it; None without one."""
    token = connection.credentials.get("api_token")
    return StaticHeader("Authorization", token, "Bearer ") if token else None


def _provisioning_auth(connection: Connection) -> Auth:
    """The key pair if there is one, else the token in the header that ``api_token_header`` names.

    Source: "Authorizing Provisioning API Requests"; that a bearer works too is only seen in published scripts.
    """
    credentials = connection.credentials
    if connection.has("api_key", "api_secret"):
        return Signature(
            KEY_HEADERS[connection.options["api_key_type"]], credentials["api_key"], credentials["api_secret"]
        )
    if connection.options["api_token_header"] == STAND_ALONE:
        return StaticHeader(STAND_ALONE, credentials["api_token"])
    return StaticHeader("Authorization", credentials["api_token"], "Bearer ")


def _client(connection: Connection, auth: Auth) -> Client:
    return Client(
        connection.settings,
        auth,
        title=connection.platform.title,
        redactor=connection.redactor,
        find_error=_find_error,
        classify=classify,
        advice=_ADVICE,
    )


def _connect_provisioning(connection: Connection) -> Client:
    return _client(connection, _provisioning_auth(connection))


def _connect_tokens(connection: Connection) -> Client:
    auth = bearer(connection)
    if auth is None:
        raise ValidationError("the token API of Devo takes no key and secret: give api_token, or DEVO_API_TOKEN")
    return _client(connection, auth)


_TOKEN = Credential("api_token", "DEVO_API_TOKEN")
_KEY = (Credential("api_key", "DEVO_API_KEY"), Credential("api_secret", "DEVO_API_SECRET"))

# The first credential in force is what results call the identity, so it has to be the one that is used.
PROVISIONING = Platform(
    name="devo",
    title="Devo",
    prefix="DEVO",
    credentials=(*_KEY, _TOKEN),
    methods=(("api_token",), ("api_key", "api_secret")),
    connect=_connect_provisioning,
    url_example="https://api-eu.devo.com",
    options=(
        Option("api_key_type", choices=tuple(KEY_HEADERS), default="domain"),
        Option("api_token_header", choices=(STAND_ALONE, BEARER), default=STAND_ALONE),
        Option("tokens_path", default="/v2/accounts/{account}/tokens"),
        Option("provisioning_path", default="/probio"),
    ),
    combines_methods=True,
    not_covered=(
        "when a user last logged in, or when their account was created",
        "what a role allows: its resources and policies",
        "when a token was last used, and access keys (pairs of API key and secret) and certificates",
        "other domains and accounts of the same reseller",
    ),
    tenant_options=("domain", "account"),
)
TOKENS = replace(PROVISIONING, credentials=(_TOKEN, *_KEY), connect=_connect_tokens)


def provisioning_path(connection: Connection, *segments: str) -> str:
    """The path of a call of the Provisioning API. Raises ValidationError for a wrong ``provisioning_path``."""
    return _base(connection.options, "provisioning_path") + path(*segments)


def tokens_path(connection: Connection, account: str, *segments: str) -> str:
    """The path of a call of the token API. Raises ValidationError for a wrong ``tokens_path``."""
    base = _base(connection.options, "tokens_path")
    if "{account}" not in base:
        raise ValidationError(f"tokens_path: '{base}' must hold {{account}}, as in /v2/accounts/{{account}}/tokens")
    return base.replace("{account}", path(account)[1:]) + (path(*segments) if segments else "")


def _base(options: Mapping[str, Any], name: str) -> str:
    base = str(options[name]).strip().rstrip("/")
    if base and not base.startswith("/"):
        raise ValidationError(f"{name}: '{base}' must start with a slash; it is appended to api_url")
    if any(mark in base for mark in "?#%\\ "):
        raise ValidationError(f"{name}: '{base}' must be a plain path, without query, blanks or escapes")
    return base
