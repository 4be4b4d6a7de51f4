# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose token is in use: no API of Devo says so outright, and nobody should remove the account they work with."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection
from ansible_collections.dataops.access.plugins.module_utils.services import devo
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import about, secret_of

_NOT_HERE = (400, 401, 403, 404)
_WHAT = "find out whose token is in use"


@dataclass(frozen=True)
class Caller:
    """Whose token is in use, as far as the token API tells; everybody by lower-cased e-mail."""

    # None: nobody's of those who were asked for, but for the unclear ones.
    own: str | None = None
    # Of whom it cannot be told, and why.
    unclear: frozenset[str] = frozenset()
    why: str = ""


def user_of_token(client: Client, connection: Connection, domain: str, among: Collection[str]) -> Caller:
    """Which of the users ``among`` (lower-cased e-mails) is the one whose token is in use.

    Lists the tokens of the domain (the token API's account: "accountName refers to domainName", seen with and without
    the reseller; the first name that has tokens) and reads those of ``among`` until one is the token in use. Raises
    AccessError where an answer does not come, which says nothing about anybody.
    """
    auth = devo.bearer(connection)
    own = connection.credentials.get("api_token")
    if auth is None or own is None or not among:
        return Caller()
    is_empty = False
    for account in dict.fromkeys((domain, domain.partition("@")[0])):
        listing = client.read(_WHAT, "GET", devo.tokens_path(connection, account), answered=_NOT_HERE, auth=auth)
        if not listing.ok:
            continue
        records = wire.records(listing.data, "tokens")
        if not records:
            # Under this name the token API may know nothing, and under the other one the token in use.
            is_empty = True
            continue
        hidden: set[str] = set()
        for place, item in enumerate(records):
            where = f"tokens[{place}]"
            user, owner = (wire.text(item, key, where, default="") for key in ("user", "owner"))
            who = folded(user or owner)
            if who not in among:
                continue
            token_id = wire.identifier(item, "id", where)
            address = devo.tokens_path(connection, account, token_id)
            answer = client.read(_WHAT, "GET", address, answered=_NOT_HERE, auth=auth)
            value = secret_of(about(token_id, answer.data, client.redactor)) if answer.ok else None
            if value is None:
                hidden.add(who)
                continue
            if hmac.compare_digest(value.encode("utf-8", "surrogatepass"), own.encode("utf-8", "surrogatepass")):
                return Caller(who)
        why = f"Could not {_WHAT}: reading them does not show the tokens of {', '.join(sorted(hidden))}"
        return Caller(unclear=frozenset(hidden), why=why)
    if is_empty:
        return Caller()
    return Caller(
        unclear=frozenset(among), why=f"Could not {_WHAT}: the token API does not list the tokens of {domain}"
    )
