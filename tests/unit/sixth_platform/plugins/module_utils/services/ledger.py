# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ledger (made up): the accounts of one tenant.

Wire facts come from the vendor's page "Accounts".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.account import USER, Account, rights
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    AS_SET,
    NEVER,
    Declared,
    Field,
    Observed,
    Option,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    Change,
    Service,
    Snapshot,
)
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import path
from ansible_collections.dataops.access.plugins.module_utils.http.auth import StaticHeader
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Credential, Platform


def _connect(connection: Connection) -> Client:
    return Client(
        connection.settings,
        StaticHeader("Authorization", connection.credentials["api_token"], "Bearer "),
        redactor=connection.redactor,
        title=connection.platform.title,
        advice={"permission": "give the token the right to manage accounts"},
    )


PLATFORM = Platform(
    name="ledger",
    title="Ledger",
    prefix="LEDGER",
    credentials=(Credential("api_token", "LEDGER_API_TOKEN"),),
    methods=(("api_token",),),
    connect=_connect,
    url_example="https://ledger.example.com/api",
    not_covered=("when an account was last used",),
    tenant_options=(),
)

ACCOUNT = Resource(
    platform="ledger",
    noun="Ledger account",
    singular="account",
    plural="accounts",
    listed_as="accounts",
    identity=("name",),
    options=(
        Field("name", required=True, compare=NEVER),
        Field("level", choices=("reader", "writer", "owner"), required_to_create=True),
        Field("teams", type="list", elements="str", compare=AS_SET, create_default=()),
    ),
)


class LedgerAccounts(Service):
    """Accounts of one Ledger tenant."""

    platform = PLATFORM
    resource = ACCOUNT
    info_options = (Option("name"),)

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """The name goes into messages and reports: no blanks around it, no slash, no control characters."""
        options["name"] = checks.name("name", options["name"])
        return options

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """Names differ in more than case."""
        return options["name"], options["name"].lower()

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """``GET /accounts``: all of them, without paging."""
        records = wire.records(self.client.read("list the accounts", "GET", "/accounts").data, "accounts")
        return Snapshot([self._observed(item, f"accounts[{place}]") for place, item in enumerate(records)])

    def _observed(self, item: Mapping[str, Any], where: str) -> Observed:
        name = wire.text(item, "name", where)
        values = {
            "name": name,
            "level": wire.text(item, "level", where),
            "teams": sorted(set(wire.texts(item, "teams", where))),
        }
        protected = "the tenant's owner" if values["level"] == "owner" else None
        return Observed(name, name.lower(), values, handle=wire.identifier(item, "id", where), protected=protected)

    def write(self, change: Change) -> None:
        """One request for each change."""
        if change.action == CREATE:
            self.client.write(f"create the account '{change.key}'", "POST", "/accounts", json=change.target)
            return
        address = path("accounts", change.current.handle)
        if change.action == DELETE:
            self.client.write(f"delete the account '{change.key}'", "DELETE", address)
            return
        # The vendor replaces both fields: what nobody declared is sent as it was.
        body = {name: change.target[name] for name in ("level", "teams")}
        self.client.write(f"update the account '{change.key}'", "PUT", address, json=body)

    def is_administrator(self, values: Mapping[str, Any]) -> bool:
        """The last one who is an owner is kept."""
        return values.get("level") == "owner"

    def account(self, observed: Observed) -> Account:
        """An account as an audit shows it."""
        values = observed.values
        entitlements = (*rights("level", [values["level"]]), *rights("team", values["teams"]))
        return Account(USER, (observed.key,), entitlements, administrator=self.is_administrator(values))
