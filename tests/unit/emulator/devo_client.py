# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls Devo's two APIs as their documents describe them."""

from __future__ import annotations

import json
from typing import Any

import requests

from emulator.devo_auth import sign
from emulator.server import Emulator

OWNER, ANN, BOB = "owner@example.com", "ann@example.com", "bob@example.com"


class DevoClient:
    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.options = emulator.connections["devo"]
        self.domain = self.options["domain"]

    def set(self, **switches: str) -> None:
        self.emulator.set_switches({f"devo.{key}": value for key, value in switches.items()})

    def call(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> requests.Response:
        """One call; a body that is bytes goes as it is, with the content type of JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**headers, **({"Content-Type": "application/json"} if data else {})}
        answer = requests.request(method, self.options["api_url"] + path, data=data, headers=headers, timeout=10)
        assert "x-devo-cid" in answer.headers
        return answer

    # --- token API ---------------------------------------------------------------------------------------------

    def tokens(self, method: str, path: str = "", body: Any = None, layout: str = "v2") -> requests.Response:
        account = self.options["account"]
        base = {"v2": f"/v2/accounts/{account}/tokens", "ws": f"/ws/accounts/{account}/credentials/tokens"}[layout]
        return self.call(method, base + path, {"Authorization": "Bearer " + self.options["api_token"]}, body)

    def create(self, **body: Any) -> requests.Response:
        return self.tokens("POST", body={"name": "new", "audience": "apiv2", **body})

    def listed(self, name: str = "new") -> dict[str, Any] | None:
        return next((token for token in self.tokens("GET").json() if token["name"] == name), None)

    # --- Provisioning API --------------------------------------------------------------------------------------

    def probio(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.call(method, "/probio" + path, {"standAloneToken": self.options["api_token"]}, body)

    def user(self, method: str, email: str = ANN, path: str = "", body: Any = None) -> requests.Response:
        return self.probio(method, f"/user/email/{email}/domain/{self.domain}{path}", body)

    def add(self, email: str = "new@example.com", query: str = "", **body: Any) -> requests.Response:
        body = {"domain": self.domain, "email": email, "role": "analyst", **body}
        return self.probio("POST", "/user/internal" + query, {key: body[key] for key in body if body[key] is not None})

    def role_list(self, email: str = ANN) -> list[str]:
        user = next(user for user in self.emulator.state("devo")["domains"][0]["users"] if user["email"] == email)
        return list(user["roles"])

    def signed(
        self, kind: str, body: bytes = b"", timestamp: str = "1700000000000", secret: str | None = None
    ) -> dict[str, str]:
        """Headers of a signature; kind: domain or reseller."""
        key = self.options["api_key"]
        return {
            "x-logtrust-timestamp": timestamp,
            "x-logtrust-sign": sign(key, secret or self.options["api_secret"], body, timestamp),
            f"x-logtrust-{kind}-apikey": key,
        }
