# SPDX-License-Identifier: GPL-3.0-or-later
"""Ledger (made up): the accounts of one tenant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response

from .platform import Answer, Endpoint, JsonAnswer, Platform, Switch
from .state import NEEDED, filled

LEVELS = ("reader", "writer", "owner")
_ACCOUNT = {"id": NEEDED, "name": NEEDED, "level": "reader", "teams": []}


class Ledger(Platform):
    name = "ledger"
    prefix = "/ledger/api"
    switches = (
        Switch("created", ("201", "200"), "201", "the status of a new account"),
        Switch("teams", ("empty", "null", "missing"), "empty", "how an account without teams shows them"),
    )
    start_state: ClassVar[dict[str, Any]] = {
        "api_token": "emulated-ledger-token",
        "accounts": [
            {"id": "1", "name": "olga", "level": "owner"},
            {"id": "2", "name": "Ann", "teams": ["red", "blue"]},
            {"id": "3", "name": "bob", "level": "writer"},
        ],
    }

    def routes(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/accounts", self.list_accounts),
            Endpoint("POST", "/accounts", self.add_account),
            Endpoint("PUT", "/accounts/{id}", self.update_account),
            Endpoint("DELETE", "/accounts/{id}", self.delete_account),
        ]

    def connection(self, base_url: str) -> dict[str, str]:
        return {"api_url": base_url + self.mount, "api_token": self.state["api_token"]}

    def secrets(self) -> Iterable[str]:
        yield self.state["api_token"]

    def loaded(self) -> None:
        self.state["accounts"] = [filled("account", account, _ACCOUNT) for account in self.state["accounts"]]

    # --- calls ---------------------------------------------------------------------------------------------------

    def list_accounts(self, request: Request) -> Response:
        self._log_in(request)
        self.no_body(request)
        return JsonAnswer([self._shown(account) for account in self.state["accounts"]])

    def add_account(self, request: Request) -> Response:
        self._log_in(request)
        given = self._given(request, "name", "level", "teams")
        if any(account["name"].lower() == given["name"].lower() for account in self.state["accounts"]):
            return self.error(409, f"{given['name']} is taken")
        number = max((int(account["id"]) for account in self.state["accounts"]), default=0) + 1
        self.state["accounts"].append({"id": str(number), **given})
        return JsonAnswer(self._shown(self.state["accounts"][-1]), int(self.settings["created"]))

    def update_account(self, request: Request) -> Response:
        account = self._account(request)
        account.update(self._given(request, "level", "teams"))
        return JsonAnswer(self._shown(account))

    def delete_account(self, request: Request) -> Response:
        self.no_body(request)
        self.state["accounts"].remove(self._account(request))
        return JsonAnswer({})

    # --- what they share -------------------------------------------------------------------------------------------

    def _log_in(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.state['api_token']}":
            raise Answer(self.error(401, "Unknown token"))

    def _account(self, request: Request) -> dict[str, Any]:
        self._log_in(request)
        for account in self.state["accounts"]:
            if account["id"] == request.path_params["id"]:
                found: dict[str, Any] = account
                return found
        raise Answer(self.error(404, "No such account"))

    def _given(self, request: Request, *keys: str) -> dict[str, Any]:
        types = {"name": str, "level": str, "teams": list}
        given = self.json_body(request, {key: types[key] for key in keys}, required=keys)
        if given["level"] not in LEVELS:
            raise self.refuse(request, f"no level {given['level']!r}")
        return given

    def _shown(self, account: dict[str, Any]) -> dict[str, Any]:
        if account["teams"] or self.settings["teams"] == "empty":
            return account
        shown = {key: value for key, value in account.items() if key != "teams"}
        return {**shown, "teams": None} if self.settings["teams"] == "null" else shown
