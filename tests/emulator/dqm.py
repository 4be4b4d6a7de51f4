# SPDX-License-Identifier: GPL-3.0-or-later
"""Crownpeak DQM: dqm-security (log-in) and dqm-identity (a user's clients), behind AWS API Gateway."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from .platform import Answer, Endpoint, JsonAnswer, Platform, Switch
from .sessions import Sessions

_EXPIRED = {"401": "Unauthorized", "403": "The incoming token has expired"}


class DQM(Platform):
    name = "dqm"
    prefix = "/dqm"
    switches = (
        Switch("path", ("single", "doubled"), "single", "the template says /v1/users, the example /v1/v1/users"),
        Switch("unknown_route", ("403", "404"), "403", "API Gateway's answer to a route it does not have"),
        Switch("uid", ("int", "str", "missing"), "int", "the claim `uid` of the session token"),
        Switch("token_life", ("7200", "300", "30"), "7200", "seconds; two hours are documented"),
        Switch("exp", ("present", "missing"), "present", "the documents' sample token has no claim `exp`"),
        Switch("login_status", ("200", "201"), "200", "status of a good log-in"),
        Switch("bad_login", ("401", "403", "400"), "401", "status of a bad log-in"),
        Switch("expired", ("401", "403"), "401", "status for a session token that ended or is unknown"),
        Switch("renew", ("object", "string"), "object", "answer of renew: an object with `token`, or the bare token"),
        Switch(
            "clients",
            ("object", "list", "null", "missing", "error_200"),
            "object",
            "the list stands under `clients`, or bare, or is null where it is empty; or `clients` is missing, without "
            "or with an error's `statusCode`, in an answer of status 200",
        ),
        Switch(
            "other_user", ("allowed", "403", "401", "empty"), "allowed", "answer about another user than the caller"
        ),
        Switch("unknown_user", ("404", "403", "empty"), "404", "answer about a user id that does not exist"),
        Switch(
            "error_body",
            ("message", "Message", "text", "html", "empty"),
            "message",
            "errors (but for unknown routes) are JSON with `message` or `Message`, text, a CloudFront page, nothing",
        ),
        Switch(
            "throttle",
            ("off", "seconds", "bare"),
            "off",
            "whether every other call of a listing, the first included, is answered 429; with Retry-After or without",
        ),
    )
    start_state: ClassVar[dict[str, Any]] = {
        "api_username": "dana@example.com",
        "api_password": "emulated-dqm-password",
        "users": [
            {"uid": 1234, "email": "dana@example.com", "clients": ["abc123", "def456", "ghi789"]},
            {"uid": 1235, "email": "erik@example.com", "clients": ["abc123"]},
            {"uid": 1236, "email": "nobody@example.com", "clients": []},
        ],
        "clients": [
            {"id": "ghi789", "name": "Example Industries", "status": "PROD"},
            {"id": "abc123", "name": "Example Corp", "status": "PROD"},
            {"id": "def456", "name": "Example Shipping", "status": "PROD"},
        ],
    }

    # --- the platform ------------------------------------------------------------------------------------------

    def routes(self) -> list[Endpoint]:
        security, identity = "/dqm-security/v1", "/dqm-identity/v1"
        return [
            Endpoint("GET", f"{identity}/users/{{uid}}/clients", self.single),
            Endpoint("GET", f"{identity}/v1/users/{{uid}}/clients", self.doubled),
            # a session token is no change of anything that is managed
            Endpoint("POST", f"{security}/authenticate", self.authenticate, write=False),
            Endpoint("POST", f"{security}/renew", self.renew, write=False),
        ]

    def connection(self, base_url: str) -> dict[str, str]:
        return {
            "api_url": base_url + self.mount,
            "api_username": self.state["api_username"],
            "api_password": self.state["api_password"],
        }

    def loaded(self) -> None:
        """Users may leave out password (then they cannot log in), names and clients."""
        clients = {client["id"] for client in self.state["clients"]}
        for user in self.state["users"]:
            unknown = set(user) - {"uid", "email", "password", "givenName", "surname", "clients"}
            missing = {"uid", "email"} - set(user)
            if unknown or missing or not clients.issuperset(user.get("clients", ())):
                raise ValueError(f"{self.tenant}: user {user.get('email')} has unknown or missing keys or clients")
        users = self.state["users"]
        account = next((user for user in users if user["email"] == self.state["api_username"]), None)
        if account is None:
            account = {"uid": 1, "email": self.state["api_username"], "clients": sorted(clients)}
            users.append(account)
        account["password"] = self.state["api_password"]
        self.sessions: Sessions[dict[str, Any]] = Sessions(self.clock)
        self.listings = 0

    def secrets(self) -> Iterable[str]:
        yield from (user["password"] for user in self.state["users"] if user.get("password"))
        yield from self.sessions.ever_issued()

    def expire_sessions(self) -> None:
        self.sessions.expire()

    def error(self, status: int, message: str) -> Response:
        shape = self.settings["error_body"]
        if shape == "text":
            return _gateway(PlainTextResponse(message, status))
        if shape == "html":
            return _gateway(HTMLResponse(f"<html><head><title>{status}</title></head>{message}</html>", status))
        if shape == "empty":
            return _gateway(Response(status_code=status))
        return _gateway(JsonAnswer({shape: message}, status))

    def not_found(self, request: Request) -> Response:
        status = int(self.settings["unknown_route"])
        message = "Missing Authentication Token" if status == 403 else "Not Found"
        return _gateway(JsonAnswer({"message": message}, status))

    def method_not_allowed(self, request: Request) -> Response:
        # for API Gateway a method of a path is a route of its own
        return self.not_found(request)

    # --- dqm-security ------------------------------------------------------------------------------------------

    def authenticate(self, request: Request) -> Response:
        given = self.json_body(request, {"email": str, "password": str}, required=("email", "password"))
        for user in self.state["users"]:
            if user["email"].lower() == given["email"].lower() and user.get("password") == given["password"]:
                break
        else:
            return self.error(int(self.settings["bad_login"]), "Invalid email or password")
        names = {"givenName": user.get("givenName", "Given"), "surname": user.get("surname", "Surname")}
        answer = {"email": user["email"], **names, "token": self._token(user)}
        return _gateway(JsonAnswer(answer, int(self.settings["login_status"])))

    def renew(self, request: Request) -> Response:
        self.no_body(request)
        token = self._token(self._session(request))
        return _gateway(JsonAnswer({"token": token} if self.settings["renew"] == "object" else token))

    def _token(self, user: dict[str, Any]) -> str:
        life = int(self.settings["token_life"])
        now = int(self.clock.now())
        claims = {"iat": now, "jti": uuid.uuid4().hex, "email": user["email"]}
        if self.settings["exp"] == "present":
            claims["exp"] = now + life
        # the vendor's answers are some 2 KB long: a token carries much that is of no use to a client
        claims["permissions"] = [f"dqm:feature-{number}:read" for number in range(40)]
        if self.settings["uid"] != "missing":
            claims["uid"] = str(user["uid"]) if self.settings["uid"] == "str" else user["uid"]
        return self.sessions.issue(user, life, claims)

    def _session(self, request: Request) -> dict[str, Any]:
        scheme, _ignored, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            self.complain(request, "no Bearer token")
            raise Answer(self.error(401, "Unauthorized"))
        session = self.sessions.find(token)
        if session is None:
            status = self.settings["expired"]
            raise Answer(self.error(int(status), _EXPIRED[status]))
        return session[0]

    # --- dqm-identity ------------------------------------------------------------------------------------------

    def single(self, request: Request) -> Response:
        # the template of the documents: no client is to blame for trying it first
        return self._clients(request) if self.settings["path"] == "single" else self.not_found(request)

    def doubled(self, request: Request) -> Response:
        if self.settings["path"] == "single":
            self.complain(request, "the doubled path, where the single one is served")
            return self.not_found(request)
        return self._clients(request)

    def _clients(self, request: Request) -> Response:
        self.no_body(request)
        caller = self._session(request)
        self.listings += 1
        if self.settings["throttle"] != "off" and self.listings % 2:
            answer = self.error(429, "Too Many Requests")
            if self.settings["throttle"] == "seconds":
                answer.headers["retry-after"] = "1"
            return answer
        uid = request.path_params["uid"]
        user = next((user for user in self.state["users"] if str(user["uid"]) == uid), None)
        if user is not caller:
            refused = self._refused(user)
            if refused is not None:
                return refused
        ids = set(user.get("clients", ())) if user else set()
        return self._list([client for client in self.state["clients"] if client["id"] in ids])

    def _refused(self, user: dict[str, Any] | None) -> Response | None:
        """The answer to a caller who asks about someone else (None: about nobody), if that is refused."""
        answer = self.settings["unknown_user" if user is None else "other_user"]
        if answer == "allowed":
            return None
        if answer == "empty":
            return self._list([])
        message = {"401": "Unauthorized", "403": "Forbidden", "404": "User not found"}[answer]
        return self.error(int(answer), message)

    def _list(self, clients: list[dict[str, Any]]) -> Response:
        shape = self.settings["clients"]
        answers: dict[str, Any] = {
            "object": {"clients": clients},
            "list": clients,
            "null": {"clients": clients or None},
            "missing": {"items": clients},
            "error_200": {"statusCode": 500, "message": "Internal server error"},
        }
        return _gateway(JsonAnswer(answers[shape]))


def _gateway(response: Response) -> Response:
    """What API Gateway adds to every answer."""
    request_id = uuid.uuid4()
    response.headers["x-amzn-requestid"] = str(request_id)
    response.headers["x-amz-apigw-id"] = request_id.hex[:15]
    response.headers["via"] = "1.1 emulator.cloudfront.net (CloudFront)"
    return response
