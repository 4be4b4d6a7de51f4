# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated partner application of the DBSync tests: what it holds, what it was asked, what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

# Who is not registered at the start.
NEW = ("Acme", "new@example.com")
START = ["Acme/ann@example.com", "Acme/bob@example.com", "Globex/cyd@example.com"]


@dataclass
class PartnerApplication:
    vendors: Emulator

    @property
    def connection(self) -> dict[str, str]:
        return dict(self.vendors.connections["dbsync"])

    def set(self, **switches: str) -> None:
        self.vendors.set_switches({f"dbsync.{name}": value for name, value in switches.items()})

    def hold(self, *users: Mapping[str, Any], **partner: Any) -> None:
        """Put a partner application with these users in place; switches go back to their defaults."""
        made = {
            "app_key": self.connection["partner_app_key"],
            "app_token": self.connection["partner_app_token"],
            "annual_quota": 100,
            "users": list(users),
            **partner,
        }
        self.vendors.reset(state={"dbsync": {"partners": [made]}})

    def fault(self, method: str, kind: str, **params: Any) -> None:
        """Let the next call of ``method`` go wrong."""
        self.vendors.faults([{"path": method, "fault": {"kind": kind, **params}}])

    @property
    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.vendors.state("dbsync")["partners"][0]
        return state

    @property
    def spent(self) -> int:
        """Registrations of the year."""
        spent: int = self._state["annual_used"]
        return spent

    @property
    def registered(self) -> list[str]:
        """Active users as company/name, sorted."""
        return sorted(f"{user['company']}/{user['name']}" for user in self._state["users"] if user["active"])

    def asked(self) -> list[str]:
        """The methods called, in order."""
        return [request["path"].rsplit("/", 1)[-1].rsplit("=", 1)[-1] for request in self.vendors.requests()]

    def written(self) -> list[str]:
        """The methods called that write."""
        return [method for method in self.asked() if method in ("registerUser", "unregisterUser")]

    def one(self, company: str, username: str, check: bool = False, **options: Any) -> dict[str, Any]:
        given = {"company": company, "username": username, **options}
        return run_one(DBSyncUsers, given, self.connection, check)

    def many(self, *users: Mapping[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        declared = {} if "users_file" in options else {"users": list(users)}
        return run_many(DBSyncUsers, {**declared, **options}, self.connection, check)

    def info(self, **options: Any) -> dict[str, Any]:
        return run_info(DBSyncUsers, options, self.connection)


def user(company: str, username: str, **options: Any) -> dict[str, Any]:
    return {"company": company, "username": username, **options}


def listed(company: str, name: str, **more: Any) -> dict[str, Any]:
    """A user of the emulator's state."""
    return {"company": company, "name": name, **more}
