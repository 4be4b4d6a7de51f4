# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo's token API (published later, at another path, as the Credentials API)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from .devo_store import Domain, Json, Token
from .names import folded
from .platform import ANY, Answer, Endpoint, Switch

if TYPE_CHECKING:
    from .devo import Devo

Work = Callable[[Request, Domain], Response]
OneWork = Callable[[Request, Domain, Token], Response]

LAYOUTS = {"v2": "/v2/accounts/{account}/tokens", "ws": "/ws/accounts/{account}/credentials/tokens"}
RENAME_KEYS = ("name", "newName", "tokenName", "new_name")
AUDIENCES = {"apiv2", "apiv2-admin", "alerts", "aggregations", "http"}  # the samples of the documents
DEFAULT_SCOPES = {"default": "default", "empty": "", "expanded": "table://*.** level://admin"}
WORD_ORDERS: dict[str, Callable[[list[str]], list[str]]] = {
    "as_given": lambda words: words,
    "sorted": sorted,
    "reversed": lambda words: words[::-1],
}

SWITCHES = (
    Switch(
        "layout", (*LAYOUTS, "both"), "v2", "where tokens are: given (/v2/accounts/…) or published (/ws/accounts/…)"
    ),
    Switch(
        "token_secret_key",
        ("token", "access_token", "accessToken", "value", "secret"),
        "token",
        "the key under which the token itself comes",
    ),
    Switch("create_status", ("200", "201"), "201", "the status of a created token"),
    Switch(
        "create_answer",
        ("full", "no_secret", "id_only", "secret_only", "string", "empty"),
        "full",
        "what 'Creating a token returns the …' goes on with; string: the bare token",
    ),
    Switch("toggle_same", ("ok", "400"), "ok", "enabling an enabled or disabling a disabled token"),
    Switch("change_answer", ("token", "empty", "message", "204"), "token", "what enable, disable and rename answer"),
    Switch("rename_key", RENAME_KEYS, "name", "the key of the new name in the rename body"),
    Switch("delete_status", ("200", "202", "204"), "200", "the status of a deleted token"),
    Switch(
        "permanent",
        ("null", "-1", "-1_both", "absent"),
        "null",
        "expires_in_seconds and expiration of a permanent token (-1: expiration null; -1_both: both -1)",
    ),
    Switch("expired", ("kept", "inactive", "gone"), "kept", "what becomes of a token that has expired"),
    Switch(
        "expires_in", ("total", "remaining"), "total", "whether expires_in_seconds is the whole life or what is left"
    ),
    Switch("default_scopes", (*DEFAULT_SCOPES, "absent"), "default", "how the default scopes read back"),
    Switch("word_order", tuple(WORD_ORDERS), "as_given", "the order of audience and scope words in answers"),
    Switch("owner_key", ("accepted", "ignored"), "accepted", "whether `owner` in the create body counts"),
    Switch("token_policies", ("unchecked", "checked"), "unchecked", "unknown audiences and users refused on creation"),
    Switch("token_names", ("repeatable", "unique"), "repeatable", "whether an account may have one name twice"),
    Switch("unknown_token", ("404", "400"), "404", "the status for an unknown token id"),
)


class Tokens:
    def __init__(self, platform: Devo) -> None:
        self.platform = platform

    def routes(self) -> list[Endpoint]:
        routes: list[Endpoint] = []
        for layout, path in LAYOUTS.items():
            one = path + "/{token}"
            routes += [
                Endpoint("GET", path, self.account(layout, self.listing)),
                Endpoint("POST", path, self.account(layout, self.create)),
                Endpoint("GET", one, self.one(layout, self.get)),
                Endpoint("PUT", one + "/enable", self.one(layout, self.enable)),
                Endpoint("PUT", one + "/disable", self.one(layout, self.disable)),
                Endpoint("PUT", one + "/rename", self.one(layout, self.rename)),
                Endpoint("DELETE", one, self.one(layout, self.delete)),
            ]
        return routes

    def account(self, layout: str, work: Work) -> Callable[[Request], Response]:
        """The checks that stand before every call: layout, token, account."""

        def handler(request: Request) -> Response:
            platform = self.platform
            if platform.settings["layout"] not in (layout, "both"):
                return platform.not_found(request)
            caller = platform.auth.token_api(request)
            domain = platform.store.accounts.get(request.path_params["account"])
            if domain is None or not caller.reaches(domain):
                return platform.error(int(platform.settings["wrong_domain"]), "Unknown account")
            audience = platform.settings["token_api_audience"]
            if audience != "any" and audience not in platform.auth.token(request).audience.split():
                return platform.error(403, "The token is no Credentials API token")
            return work(request, domain)

        return handler

    def one(self, layout: str, work: OneWork) -> Callable[[Request], Response]:
        def found(request: Request, domain: Domain) -> Response:
            text = request.path_params["token"]
            token = domain.tokens.get(int(text)) if text.isdecimal() else None
            if token is None or self.gone(token):
                return self.platform.error(int(self.platform.settings["unknown_token"]), f"Token {text} not found")
            return work(request, domain, token)

        return self.account(layout, found)

    # --- reading -----------------------------------------------------------------------------------------------

    def listing(self, request: Request, domain: Domain) -> Response:
        return self.platform.data([self.view(each, domain) for each in domain.tokens.values() if not self.gone(each)])

    def get(self, request: Request, domain: Domain, token: Token) -> Response:
        return self.platform.data({**self.view(token, domain), **self.secret(token)})

    def gone(self, token: Token) -> bool:
        return self.platform.settings["expired"] == "gone" and token.expired(self.platform.clock.now())

    def secret(self, token: Token) -> Json:
        return {self.platform.settings["token_secret_key"]: token.value}

    def view(self, token: Token, domain: Domain) -> Json:
        """A token as lists show it: everything but itself."""
        settings, now = self.platform.settings, self.platform.clock.now()
        expired_off = settings["expired"] == "inactive" and token.expired(now)
        view: Json = {
            "name": token.name,
            "id": token.id,
            "scope": self.words(token.scopes),
            "owner": token.owner,
            "user": token.user,
            "audience": self.words(token.audience),
            "token_type": "Bearer",
            "active": token.active and not expired_off,
            "account": domain.account,
            "created": stamp(token.created),
            "updated": stamp(token.updated),
        }
        if token.scopes == "default":
            view["scope"] = DEFAULT_SCOPES.get(settings["default_scopes"])
            if view["scope"] is None:
                del view["scope"]
        if token.expires is not None:
            left = max(0, int(token.expires - now))
            view["expiration"] = stamp(token.expires)
            view["expires_in_seconds"] = token.life if settings["expires_in"] == "total" else left
        elif settings["permanent"] != "absent":
            view["expiration"] = -1 if settings["permanent"] == "-1_both" else None
            view["expires_in_seconds"] = None if settings["permanent"] == "null" else -1
        return view

    def words(self, text: str) -> str:
        return " ".join(WORD_ORDERS[self.platform.settings["word_order"]](text.split()))

    # --- writing -----------------------------------------------------------------------------------------------

    def create(self, request: Request, domain: Domain) -> Response:
        platform, settings = self.platform, self.platform.settings
        shape = {"name": str, "owner": str, "user": str, "audience": str, "scopes": str, "expiresInSeconds": int}
        body = platform.json_body(request, shape, ["audience"])
        life = body.get("expiresInSeconds", 86400)
        if not body["audience"].strip():
            raise platform.refuse(request, "audience is empty")
        if life < 1 and life != -1:
            raise platform.refuse(request, "expiresInSeconds is neither positive nor -1")
        caller = platform.auth.token(request).user
        owner = body.get("owner", caller) if settings["owner_key"] == "accepted" else caller
        user = body.get("user", owner)
        if settings["token_policies"] == "checked":
            if not AUDIENCES.issuperset(body["audience"].split()):
                return platform.error(400, "The audience is not among the user's policies")
            if folded(user) not in domain.members:
                return platform.error(400, f"User {user} not found")
        name = body.get("name", "Unnamed")
        self.check_name(domain, name)
        given = {
            "name": name,
            "audience": body["audience"],
            "scopes": body.get("scopes") or "default",
            "owner": owner,
            "user": user,
            "expires_in_seconds": life,
        }
        token = platform.store.token(domain, given)
        return self.created(token, domain)

    def created(self, token: Token, domain: Domain) -> Response:
        status, style = int(self.platform.settings["create_status"]), self.platform.settings["create_answer"]
        if style == "empty":
            return self.platform.void(status)
        bodies: dict[str, Json | str] = {
            "full": {**self.view(token, domain), **self.secret(token)},
            "no_secret": self.view(token, domain),
            "id_only": {"id": token.id},
            "secret_only": self.secret(token),
            "string": token.value,
        }
        return self.platform.data(bodies[style], status)

    def check_name(self, domain: Domain, name: str) -> None:
        unique = self.platform.settings["token_names"] == "unique"
        if unique and any(each.name == name for each in domain.tokens.values()):
            raise Answer(self.platform.error(400, f"A token with the name {name} already exists"))

    def enable(self, request: Request, domain: Domain, token: Token) -> Response:
        return self.toggle(request, domain, token, True)

    def disable(self, request: Request, domain: Domain, token: Token) -> Response:
        return self.toggle(request, domain, token, False)

    def toggle(self, request: Request, domain: Domain, token: Token, active: bool) -> Response:
        self.platform.no_body(request)
        if token.active == active and self.platform.settings["toggle_same"] == "400":
            return self.platform.error(400, f"The token is already {'enabled' if active else 'disabled'}")
        token.active = active
        return self.changed(token, domain)

    def rename(self, request: Request, domain: Domain, token: Token) -> Response:
        # a key that another reading knows is the vendor's to refuse, but no fault of the client
        body = self.platform.json_body(request, dict.fromkeys(RENAME_KEYS, ANY))
        name = body.get(self.platform.settings["rename_key"])
        if not isinstance(name, str) or not name:
            return self.platform.error(400, "The new name is missing")
        if name != token.name:
            self.check_name(domain, name)
        token.name = name
        return self.changed(token, domain)

    def changed(self, token: Token, domain: Domain) -> Response:
        token.updated = self.platform.clock.now()
        style = self.platform.settings["change_answer"]
        if style == "token":
            return self.platform.data(self.view(token, domain))
        if style == "message":
            return self.platform.data({"message": "Token updated"})
        return self.platform.void(204 if style == "204" else 200)

    def delete(self, request: Request, domain: Domain, token: Token) -> Response:
        self.platform.no_body(request)
        self.platform.store.drop_token(domain, token)
        return self.platform.void(int(self.platform.settings["delete_status"]))


def stamp(moment: float) -> str:
    """As Devo writes times: 2024-11-26T14:38:18.000+0000"""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
