# SPDX-License-Identifier: GPL-3.0-or-later
"""A Devo account with a token that is due, and how the tests of renewals look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.server import Emulator
from unit.road import run_one

DAY, HOUR = 86400, 3600
HIDDEN, CHANGED = "********", "******** (changed)"


class Tenant:
    """One Devo account, and a token ``ci`` of it whose secret is kept in a file."""

    def __init__(self, vendors: Emulator, folder: Path) -> None:
        self.vendors = vendors
        self.file = folder / "ci"
        options = vendors.connections["devo"]
        self.connection = {key: options[key] for key in ("api_url", "api_token", "account")}
        self.declared: dict[str, Any] = {
            "name": "ci",
            "audience": ["apiv2"],
            "scopes": ["table://my.app"],
            "user": "ann@example.com",
            "secret_file": str(self.file),
            "renew_before": HOUR,
        }

    def run(self, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_one(DevoTokens, {**self.declared, **options}, self.connection, check=check)

    def ok(self, **options: Any) -> dict[str, Any]:
        """Check mode, then the run: they say the same, and it succeeds."""
        before = len(self.vendors.requests())
        checked = self.run(check=True, **options)
        assert self.vendors.writes(since=before) == []
        done = self.run(**options)
        assert not done.get("failed"), done
        assert plan_of(done) == plan_of(checked)
        return done

    def due(self) -> None:
        """Let so much time pass that the token has to be renewed."""
        self.vendors.clock_advance(DAY - HOUR + 60)

    def all(self) -> dict[str, dict[str, Any]]:
        """The tokens that stand for ``ci``, by name."""
        tokens = self.vendors.state("devo")["domains"][0]["tokens"]
        return {token["name"]: token for token in tokens if token["name"].partition("~")[0] == "ci"}

    def saved(self) -> str:
        return self.file.read_text()

    def somebody_works(self) -> bool:
        """Whether the file holds the secret of an enabled token."""
        held = self.saved() if self.file.exists() else ""
        return any(token["active"] and token["token"] + "\n" == held for token in self.all().values())


def plan_of(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(each["key"], each["action"], each["fields"], each.get("replaced")) for each in result["changes"]]


def asked(vendors: Emulator, since: int) -> list[str]:
    """The requests since then, without the address in front."""
    start = "/devo/v2/accounts/example/tokens"
    return [f"{each['method']} {each['path'].removeprefix(start)}".strip() for each in vendors.requests(since=since)]
