# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo's four ways to say who is asking: bearer, stand-alone token, domain key and multitenant key."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from .devo_store import Domain, Token
from .names import folded
from .platform import Answer, Switch

if TYPE_CHECKING:
    from .devo import Devo

DOMAIN_KEY, RESELLER_KEY = "x-logtrust-domain-apikey", "x-logtrust-reseller-apikey"
SIGN, TIMESTAMP = "x-logtrust-sign", "x-logtrust-timestamp"
SIGNATURE_HEADERS = (DOMAIN_KEY, RESELLER_KEY, SIGN, TIMESTAMP)
WINDOW_MS = 300_000

SWITCHES = (
    Switch("bad_token", ("401", "403"), "401", "the status for an unknown, disabled or expired token"),
    Switch("bad_signature", ("401", "404", "400"), "401", "the status for a wrong key or signature (404 was reported)"),
    Switch("old_timestamp", ("accepted", "refused"), "accepted", "a signature more than five minutes old"),
    Switch(
        "domain_key",
        ("any", "common"),
        "any",
        "whether a domain's own key works for domain@reseller, or for common domains only as older pages say",
    ),
    Switch("bearer_on_probio", ("yes", "no"), "yes", "whether Authorization: Bearer works on /probio"),
    Switch("token_api_audience", ("any", "apiv2-admin"), "any", "which audience a token for the token API needs"),
    Switch("wrong_domain", ("404", "403", "400"), "404", "the status for a domain or account of somebody else"),
)


@dataclass
class Caller:
    """domain: None for a multitenant key, that reaches every domain of its reseller."""

    domain: Domain | None
    reseller: str
    user: str = ""

    def reaches(self, domain: Domain) -> bool:
        return domain.reseller == self.reseller if self.domain is None else domain is self.domain


def sign(key: str, secret: str, body: bytes, timestamp: str) -> str:
    """The lower-case hexadecimal HMAC-SHA256 over key, the body as sent, and timestamp."""
    return hmac.new(secret.encode(), key.encode() + body + timestamp.encode(), hashlib.sha256).hexdigest()


class Auth:
    def __init__(self, platform: Devo) -> None:
        self.platform = platform

    def token_api(self, request: Request) -> Caller:
        """Token API: bearer only. Raises Answer."""
        if "standalonetoken" in request.headers or any(name in request.headers for name in SIGNATURE_HEADERS):
            self.platform.complain(request, "the token API takes Authorization: Bearer only")
        return self.bearer(request)

    def provisioning(self, request: Request) -> Caller:
        """Provisioning API: a signature, a stand-alone token, or (undocumented) a bearer. Raises Answer."""
        signed = any(name in request.headers for name in SIGNATURE_HEADERS)
        alone = request.headers.get("standalonetoken")
        if signed + (alone is not None) + ("authorization" in request.headers) > 1:
            self.platform.complain(request, "more than one kind of credentials")
        if signed:
            return self.signature(request)
        if alone is not None:
            return self.by_value(alone)
        if self.platform.settings["bearer_on_probio"] == "no":
            raise self.refused("bad_token", "Authentication is required")
        return self.bearer(request)

    def bearer(self, request: Request) -> Caller:
        scheme, _ignored, value = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            self.platform.complain(request, "no bearer token")
            raise self.refused("bad_token", "Authentication is required")
        return self.by_value(value)

    def token(self, request: Request) -> Token:
        """The token of a request that was let in with one."""
        return self.platform.store.bearers[request.headers["authorization"].partition(" ")[2]][1]

    def by_value(self, value: str) -> Caller:
        domain, token = self.platform.store.bearers.get(value, (None, None))
        if domain is None or token is None or not token.usable(self.platform.clock.now()):
            raise self.refused("bad_token", "Invalid or expired token")
        member = domain.members.get(folded(token.user))
        if member is not None and member.status == "disabled":
            raise self.refused("bad_token", "The user of the token is not active")
        return Caller(domain, domain.reseller, token.user)

    def signature(self, request: Request) -> Caller:
        headers = request.headers
        given = [name for name in (DOMAIN_KEY, RESELLER_KEY) if name in headers]
        timestamp = headers.get(TIMESTAMP, "")
        if len(given) != 1 or SIGN not in headers or not timestamp.isdecimal() or len(timestamp) != 13:
            self.platform.complain(request, "a signature needs one key header, a sign, and a timestamp in milliseconds")
            raise self.refused("bad_signature", "Invalid signature headers")
        age = abs(self.platform.clock.now() * 1000 - int(timestamp))
        if age > WINDOW_MS and self.platform.settings["old_timestamp"] == "refused":
            raise self.refused("bad_signature", "The timestamp is too old")
        key = headers[given[0]]
        for secret, caller in self.pairs(given[0], key):
            expected = sign(key, secret, self.platform.body(request), timestamp)
            if hmac.compare_digest(expected.encode(), headers[SIGN].encode("latin-1")):
                return caller
        raise self.refused("bad_signature", "Invalid signature")

    def pairs(self, header: str, key: str) -> list[tuple[str, Caller]]:
        """The secrets that belong to a key of this kind, with whom they stand for."""
        store = self.platform.store
        if header == DOMAIN_KEY:
            common_only = self.platform.settings["domain_key"] == "common"
            domains = [
                domain
                for domain in store.domains.values()
                if domain.api_key == key and not (common_only and domain.reseller)
            ]
            return [(domain.api_secret, Caller(domain, domain.reseller)) for domain in domains]
        return [(each["api_secret"], Caller(None, each["name"])) for each in store.resellers if each["api_key"] == key]

    def refused(self, switch: str, message: str) -> Answer:
        return Answer(self.platform.error(int(self.platform.settings[switch]), message))
