# SPDX-License-Identifier: GPL-3.0-or-later
"""A Devo account with tokens, and how the tests of tokens look at it."""

from __future__ import annotations

from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

AUTOMATION = "fa4e0000000000000000000000000001"


class Account:
    """One Devo account, and runs of the modules for its tokens."""

    def __init__(self, vendors: Emulator) -> None:
        self.vendors = vendors
        options = vendors.connections["devo"]
        self.connection = {key: options[key] for key in ("api_url", "api_token", "account")}

    def one(self, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_one(DevoTokens, options, self.connection, check=check)

    def many(self, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_many(DevoTokens, options, self.connection, check=check)

    def info(self, **options: Any) -> dict[str, Any]:
        return run_info(DevoTokens, options, self.connection)

    def tokens(self) -> list[dict[str, Any]]:
        tokens: list[dict[str, Any]] = self.vendors.state("devo")["domains"][0]["tokens"]
        return tokens

    def names(self) -> list[str]:
        return [token["name"] for token in self.tokens()]

    def token(self, name: str) -> dict[str, Any]:
        (found,) = [token for token in self.tokens() if token["name"] == name]
        return found

    def holds(self, *tokens: dict[str, Any]) -> None:
        """Start again with the token of these tests and these ones."""
        self.vendors.reset(state=state_with(*tokens))


def ok(result: dict[str, Any]) -> dict[str, Any]:
    assert not result.get("failed"), result
    return result


def state_with(*tokens: dict[str, Any]) -> dict[str, Any]:
    """The emulator's Devo with these tokens beside the one that the tests use."""
    automation = {
        "id": 1,
        "name": "automation",
        "audience": "apiv2-admin apiv2",
        "user": "owner@example.com",
        "expires_in_seconds": -1,
        "token": AUTOMATION,
    }
    domain = {
        "name": "example@reseller",
        "api_key": "fake-devo-api-key",
        "api_secret": "fake-devo-api-secret",
        "users": [{"email": "owner@example.com", "roles": ["ADMIN"], "owner": True}],
        "tokens": [automation, *({"user": "owner@example.com", **token} for token in tokens)],
    }
    return {"devo": {"domains": [domain]}}
