# SPDX-License-Identifier: GPL-3.0-or-later
"""Alteryx Server V3: subscriptions, and the users and credentials they refer to."""

from __future__ import annotations

from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response

from . import alteryx_answers, alteryx_auth, alteryx_subscriptions
from .alteryx_answers import Answers, asks_for_json
from .alteryx_auth import Auth
from .alteryx_store import REDUCED, USER_DEFAULTS, Json, Store
from .alteryx_subscriptions import TEXT_FILTERS, Subscriptions
from .platform import Endpoint, Handler, Platform, Switch

USER_FILTERS = ("view", "active", "email", "role", "firstName", "lastName", "createdAfter", "createdBefore")
USER_CHOICES = {
    "view": ("Default", "Full"),
    "active": ("true", "false", "True", "False"),
    "role": ("NoAccess", "Viewer", "Member", "Artisan", "Curator", "Evaluated"),
}


class Alteryx(Platform):
    name = "alteryx"
    prefix = "/alteryx/webapi"
    switches = (
        Switch("version", ("current", "old"), "current", "whether this server has subscription endpoints; 404 if not"),
        Switch("non_curator", ("401", "403"), "401", "the status for a caller who is no Curator"),
        Switch("email_filter", tuple(TEXT_FILTERS), "exact", "how the user list's text filters compare"),
        Switch("user_view", ("reduced", "full"), "reduced", "what GET /v3/users shows without view=Full"),
        *alteryx_subscriptions.SWITCHES,
        *alteryx_answers.SWITCHES,
        *alteryx_auth.SWITCHES,
    )
    start_state: ClassVar[Json] = {
        "clients": [
            {
                "client_id": "fake-client-id",
                "client_secret": "fake-client-secret",
                "api_token": "fake-alteryx-api-token",
                "user": "66f0000000000000000000a1",
            }
        ],
        "users": [
            {
                "id": "66f0000000000000000000a1",
                "firstName": "Cura",
                "lastName": "Torres",
                "email": "curator@example.com",
                "role": "Curator",
            },
            {
                "id": "66f0000000000000000000a2",
                "firstName": "Ann",
                "lastName": "Archer",
                "email": "ann@example.com",
                "subscription": "66f0000000000000000000b1",
            },
            {
                "id": "66f0000000000000000000a3",
                "firstName": "Bob",
                "lastName": "Baker",
                "email": "bob@example.com",
                "subscription": "66f0000000000000000000b1",
            },
        ],
        "credentials": [{"id": "66f0000000000000000000c1", "userName": "EXAMPLE\\runner"}],
        "workflows": [
            {
                "id": "66f0000000000000000000d1",
                "name": "Monthly figures",
                "subscription": "66f0000000000000000000b1",
                "owner": "66f0000000000000000000a2",
            }
        ],
        "subscriptions": [
            {"id": "66f0000000000000000000b1", "name": "Finance", "canShareSchedules": True},
            {"id": "66f0000000000000000000b2", "name": "Empty", "credentialId": "66f0000000000000000000c1"},
        ],
    }

    # --- the tenant --------------------------------------------------------------------------------------------

    def loaded(self) -> None:
        self.store = Store(self.state)
        self.auth = Auth(self, self.state["clients"])
        self.answers = Answers(self.settings)

    def dump(self) -> Json:
        return {"clients": self.state["clients"], **self.store.dump()}

    def expire_sessions(self) -> None:
        self.auth.expire()

    def secrets(self) -> list[str]:
        keys = [each[key] for each in self.store.subscriptions.values() for key in ("apiKey", "apiSecret")]
        return [*self.auth.secrets(), *keys]

    def connection(self, base_url: str) -> dict[str, str]:
        client = self.state["clients"][0]
        return {
            "api_url": base_url + self.mount,
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
        }

    def routes(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/oauth2/token", self.auth_token, write=False),
            *Subscriptions(self).routes(),
            Endpoint("GET", "/v3/users", self.curated(self.users), query=USER_FILTERS),
            Endpoint("GET", "/v3/users/{user}", self.curated(self.user)),
            Endpoint("GET", "/v3/users/{user}/assets", self.curated(self.assets), query=("assetType",)),
            Endpoint("GET", "/v3/credentials", self.curated(self.credentials)),
            Endpoint("GET", "/v3/credentials/{credential}", self.curated(self.credential)),
        ]

    def error(self, status: int, message: str) -> Response:
        return self.answers.failure(status, message)

    def not_found(self, request: Request) -> Response:
        return self.error(404, "No HTTP resource was found that matches the request URI.")

    def auth_token(self, request: Request) -> Response:
        return self.auth.token(request)  # looked up at each call: `auth` is made anew when state is loaded

    def curated(self, handler: Handler) -> Handler:
        """The checks that stand before every v3 call: token, Curator, Accept, version."""

        def guarded(request: Request) -> Any:
            session = self.auth.user(request)
            if session is None:
                return self.error(401, "Authorization has been denied for this request.")
            user = self.store.users.get(session[0] or "")
            if user is not None and user["role"] != "Curator":
                return self.error(int(self.settings["non_curator"]), "Only Curators may use this endpoint.")
            if not asks_for_json(request):
                self.complain(request, "no Accept: application/json; the server may answer XML")
            if self.settings["version"] == "old" and "/v3/subscription" in request.url.path:
                return self.not_found(request)
            return handler(request)

        return guarded

    # --- users and credentials ---------------------------------------------------------------------------------

    def users(self, request: Request) -> Response:
        query = request.query_params
        for key, values in USER_CHOICES.items():
            if key in query and query[key] not in values:
                raise self.refuse(request, f"{key}={query[key]!r} is not one of {list(values)}")
        same = TEXT_FILTERS[self.settings["email_filter"]]
        found = [
            user
            for user in self.store.users.values()
            if all(key not in query or same(query[key], user[key]) for key in ("email", "firstName", "lastName"))
            and query.get("role", user["role"]) == user["role"]
            and query.get("active", str(user["isActive"])).lower() == str(user["isActive"]).lower()
            and query.get("createdAfter", "") <= user["dateCreated"] <= query.get("createdBefore", "~")
        ]
        full = query.get("view") == "Full" or self.settings["user_view"] == "full"
        return self.answers.data(request, [user_view(user) if full else reduced(user) for user in found])

    def user(self, request: Request) -> Response:
        user = self.store.users.get(request.path_params["user"])
        return self.answers.data(request, user_view(user)) if user else self.error(404, "User not found.")

    def assets(self, request: Request) -> Response:
        user = request.path_params["user"]
        if user not in self.store.users:
            return self.error(404, "User not found.")
        kind = request.query_params.get("assetType", "All")
        if kind not in ("All", "Workflows", "Schedules", "Collections"):
            raise self.refuse(request, f"assetType={kind!r} is unknown")
        owned = [each for each in self.store.workflows.values() if each["owner"] == user]
        workflows = [{"name": each["name"], "id": each["id"]} for each in owned if kind in ("All", "Workflows")]
        return self.answers.data(request, {"workflows": workflows, "schedules": [], "collections": []})

    def credentials(self, request: Request) -> Response:
        return self.answers.data(request, list(self.store.credentials.values()))

    def credential(self, request: Request) -> Response:
        found = self.store.credentials.get(request.path_params["credential"])
        return self.answers.data(request, found) if found else self.error(404, "Credential not found.")


def reduced(user: Json) -> Json:
    """ReducedUserView"""
    return {key: user[key] for key in REDUCED}


def user_view(user: Json) -> Json:
    """UserView, which names no subscription"""
    return {key: user[key] for key in ("id", *USER_DEFAULTS) if key != "dateCreated"}
