# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls Alteryx Server as its documents describe it."""

from __future__ import annotations

from typing import Any

import requests

from emulator.server import Emulator

# of the start state
FINANCE, EMPTY = "66f0000000000000000000b1", "66f0000000000000000000b2"
CURATOR, ANN, BOB = (f"66f0000000000000000000a{n}" for n in (1, 2, 3))
CREDENTIAL = "66f0000000000000000000c1"
NEW = {"name": "New", "canShareSchedule": True, "credentialId": ""}


class AlteryxClient:
    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.options = emulator.connections["alteryx"]
        self.headers = {"Accept": "application/json"}
        self.log_in()

    def token(self, **more: Any) -> requests.Response:
        """A token, by form fields unless `auth` is given."""
        data = {"grant_type": "client_credentials"}
        if "auth" not in more:
            data |= {key: self.options[key] for key in ("client_id", "client_secret")}
        more = {"data": data, **more}
        return requests.post(self.options["api_url"] + "/oauth2/token", timeout=10, **more)

    def log_in(self) -> None:
        self.headers["Authorization"] = "Bearer " + self.token().json()["access_token"]

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        url = f"{self.options['api_url']}/v3/{path}"
        return requests.request(method, url, params=query, json=body, headers=self.headers, timeout=10)

    def names(self, **query: Any) -> list[str]:
        return [each["name"] for each in self("GET", "subscriptions", **query).json()]

    def members(self, subscription: str) -> list[str]:
        return [user["id"] for user in self("GET", f"subscriptions/{subscription}").json()["users"]]

    def set(self, **switches: str) -> None:
        self.emulator.set_switches({f"alteryx.{key}": value for key, value in switches.items()})
