# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose token is in use: no API of Devo says so outright, and nobody should remove the account they work with."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection
from ansible_collections.dataops.access.plugins.module_utils.services import devo
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import about, secret_of

_NOT_HERE = (400, 401, 403, 404)


def user_of_token(client: Client, connection: Connection, domain: str, among: Collection[str]) -> str | None:
    """The lower-cased e-mail out of ``among`` whose token is in use; None when it is nobody's of these.

    Lists the tokens of the domain (the token API's account: "accountName refers to domainName", seen with and without
    the reseller) and reads those of ``among`` until one is the token in use. Raises AccessError (kind
    ``permission``) where they cannot be listed, or reading one does not show its value.
    """
    auth = devo.bearer(connection)
    own = connection.credentials.get("api_token")
    if auth is None or own is None or not among:
        return None
    what = "find out whose token is in use"
    for account in dict.fromkeys((domain, domain.partition("@")[0])):
        listing = client.read(what, "GET", devo.tokens_path(connection, account), answered=_NOT_HERE, auth=auth)
        if not listing.ok:
            continue
        hidden: set[str] = set()
        for place, item in enumerate(wire.records(listing.data, "tokens")):
            where = f"tokens[{place}]"
            user, owner = (wire.text(item, key, where, default="") for key in ("user", "owner"))
            who = (user or owner).lower()
            if who not in among:
                continue
            token_id = wire.identifier(item, "id", where)
            address = devo.tokens_path(connection, account, token_id)
            answer = client.read(what, "GET", address, answered=_NOT_HERE, auth=auth)
            value = secret_of(about(token_id, answer.data, client.redactor)) if answer.ok else None
            if value is None:
                hidden.add(who)
                continue
            if hmac.compare_digest(value.encode(), own.encode()):
                return who
        if hidden:
            text = f"Could not {what}: reading them does not show the tokens of {', '.join(sorted(hidden))}"
            raise AccessError(text, kind="permission")
        return None
    raise AccessError(f"Could not {what}: the token API does not list the tokens of {domain}", kind="permission")
