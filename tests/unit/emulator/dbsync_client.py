# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls DBSync's methods as its documents describe them."""

from __future__ import annotations

from typing import Any

import requests

from emulator.server import Emulator


class DBSyncClient:
    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        options = emulator.connections["dbsync"]
        self.url = options["api_url"]
        self.credentials = {
            "partnerAppKey": options["partner_app_key"],
            "partnerAppToken": options["partner_app_token"],
        }

    def __call__(self, method: str, company: str | None = None, name: str | None = None) -> requests.Response:
        given = {"endUserCompany": company, "endUserName": name}
        body = {**self.credentials, **{key: value for key, value in given.items() if value is not None}}
        return self.post(f"/{method}", body)

    def post(self, path: str, body: Any) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=10)

    def names(self, company: str | None = None, name: str | None = None) -> list[str]:
        return [record["endUserName"] for record in self("licenseDetails", company, name).json()]

    def set(self, **switches: str) -> None:
        self.emulator.set_switches({f"dbsync.{key}": value for key, value in switches.items()})

    def counts(self) -> tuple[int, int]:
        """Active users and the year's quota used, of the first partner."""
        partner = self.emulator.state("dbsync")["partners"][0]
        return partner["active_users"], partner["annual_used"]
