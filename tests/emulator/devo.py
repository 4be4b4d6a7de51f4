# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo: the token API and the Provisioning API of one region, with the domains of one or more resellers."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from . import devo_auth, devo_tokens, devo_users
from .devo_auth import Auth
from .devo_store import Json, Store
from .devo_tokens import Tokens
from .devo_users import Users
from .platform import Endpoint, JsonAnswer, Platform, Switch

CID = "x-devo-cid"


class Devo(Platform):
    name = "devo"
    prefix = "/devo"
    switches = (
        Switch(
            "error_body", ("error", "cid", "text", "empty"), "error", "the shape of a failure; cid: error, cid, object"
        ),
        *devo_auth.SWITCHES,
        *devo_tokens.SWITCHES,
        *devo_users.SWITCHES,
    )
    start_state: ClassVar[Json] = {
        "people": [
            {"email": "owner@example.com", "user_name": "Olga Owner"},
            {"email": "ann@example.com", "user_name": "Ann Archer", "phone": "+34600000001"},
            {"email": "bob@example.com", "user_name": "Bob Baker"},
        ],
        "resellers": [{"name": "reseller", "api_key": "fake-devo-api-key", "api_secret": "fake-devo-api-secret"}],
        "domains": [
            {
                "name": "example@reseller",
                "account": "example",
                "api_key": "fake-devo-api-key",
                "api_secret": "fake-devo-api-secret",
                "roles": ["analyst", "reviewer"],
                "users": [
                    {"email": "owner@example.com", "roles": ["ADMIN"], "owner": True},
                    {"email": "ann@example.com", "roles": ["analyst"]},
                    {"email": "bob@example.com", "roles": ["NO_PRIVILEGES"], "status": "disabled"},
                ],
                # the first token is the one that the ready line gives out
                "tokens": [
                    {
                        "name": "automation",
                        "audience": "apiv2-admin apiv2",
                        "scopes": "table://*.** level://admin",
                        "user": "owner@example.com",
                        "expires_in_seconds": -1,
                        "token": "fa4e0000000000000000000000000001",
                    },
                    {"name": "reports", "audience": "apiv2", "scopes": "table://my.app", "user": "ann@example.com"},
                ],
            }
        ],
    }

    def loaded(self) -> None:
        self.store = Store(self.state, self.clock)
        self.serial = itertools.count(1)
        self.auth = Auth(self)

    def dump(self) -> Json:
        return self.store.dump()

    def secrets(self) -> list[str]:
        pairs = [*self.store.resellers, *(vars(domain) for domain in self.store.domains.values())]
        return [*self.store.secrets, *(pair[key] for pair in pairs for key in ("api_key", "api_secret"))]

    def connection(self, base_url: str) -> dict[str, str]:
        domain = next(iter(self.store.domains.values()))
        token = next(iter(domain.tokens.values()))
        return {
            "api_url": base_url + self.mount,
            "api_token": token.value,
            "api_key": domain.api_key,
            "api_secret": domain.api_secret,
            "domain": domain.name,
            "account": domain.account,
        }

    def routes(self) -> list[Endpoint]:
        return [*Tokens(self).routes(), *Users(self).routes()]

    # --- answers: each carries a correlation id ----------------------------------------------------------------

    def data(self, data: Any, status: int = 200) -> Response:
        return JsonAnswer(data, status, {CID: self.cid()})

    def void(self, status: int = 200) -> Response:
        return Response(status_code=status, headers={CID: self.cid()})

    def error(self, status: int, message: str, code: int | None = None) -> Response:
        """A failure; the Provisioning API has codes of its own, the token API repeats the status."""
        cid = self.cid()
        style = self.settings["error_body"]
        if style == "text":
            return PlainTextResponse(message, status, {CID: cid})
        if style == "empty":
            return Response(status_code=status, headers={CID: cid})
        if style == "cid":
            return JsonAnswer({"error": "Bad request", "cid": cid, "object": [message]}, status, {CID: cid})
        return JsonAnswer({"error": {"code": code or status, "message": message}}, status, {CID: cid})

    def not_found(self, request: Request) -> Response:
        return self.error(404, "Not Found")

    def cid(self) -> str:
        return f"fa4ec1d0{next(self.serial):024x}"
