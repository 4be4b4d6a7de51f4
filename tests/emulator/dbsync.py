# SPDX-License-Identifier: GPL-3.0-or-later
"""DBSync Partner API v2: licences of a partner's users, and the year's quota that registering spends."""

from __future__ import annotations

from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response

from .dbsync_answers import SWITCHES, Answers
from .dbsync_licences import YEAR, Key, Licence, Partner
from .platform import Endpoint, Handler, Platform, Switch

SHAPE = {"partnerAppKey": str, "partnerAppToken": str, "endUserCompany": str, "endUserName": str}
WRITES = ("registerUser", "unregisterUser")


class DBSync(Platform):
    name = "dbsync"
    prefix = "/dbsync/appcode/v2/partner"
    switches = (
        Switch(
            "style",
            ("path", "single"),
            "path",
            "where the method's name goes: ENDPOINT/registerUser, or ENDPOINT?method=registerUser",
        ),
        Switch("register_existing", ("error", "idempotent", "counts_again"), "error", "registering an active user"),
        Switch("reregister", ("counts", "free"), "counts", "whether registering an inactive user spends quota"),
        Switch("after_unregister", ("gone", "inactive"), "gone", "whether an unregistered user is still listed"),
        Switch("unregister_absent", ("error", "ok"), "error", "unregistering a user who is not active"),
        Switch(
            "authenticate",
            ("error", "record", "flag"),
            "error",
            "what authenticateUser says of a user without a valid licence",
        ),
        Switch("filter", ("honoured", "company", "ignored"), "honoured", "what licenseDetails filters by"),
        Switch(
            "listing",
            ("all", "active", "refused"),
            "all",
            "whether licenseDetails works without a user name; active: and leaves out who has no active licence",
        ),
        Switch("name_required", ("no", "yes"), "no", "whether endUserName must be present (empty will do)"),
        Switch("no_match", ("empty", "null", "object", "error"), "empty", "licenseDetails that finds nobody"),
        Switch("name_case", ("exact", "folded"), "exact", "whether case and outer blanks of names count"),
        Switch("name_scope", ("company", "partner"), "company", "where a user name must be unique"),
        Switch("consistency", ("immediate", "delayed"), "immediate", "whether the next two reads miss a write"),
        *SWITCHES,
    )
    start_state: ClassVar[dict[str, Any]] = {
        "partners": [
            {
                "app_key": "fake-partner-app-key",
                "app_token": "fake-partner-app-token",
                "annual_quota": 100,
                "annual_used": 3,
                "users": [
                    {"company": "Acme", "name": "ann@example.com"},
                    {"company": "Acme", "name": "bob@example.com"},
                    {"company": "Globex", "name": "cyd@example.com"},
                ],
            }
        ]
    }

    # --- the tenant --------------------------------------------------------------------------------------------

    def loaded(self) -> None:
        now = self.clock.now()
        self.fold = self.settings["name_case"] == "folded"
        self.partners = {each["app_key"]: Partner(each, now, self.fold) for each in self.state["partners"]}
        self.answers = Answers(self.settings)

    def switched(self) -> None:
        if self.fold != (self.settings["name_case"] == "folded"):
            self.load(self.dump())  # the licences' keys change

    def dump(self) -> dict[str, Any]:
        return {"partners": [partner.dump() for partner in self.partners.values()]}

    def secrets(self) -> list[str]:
        return [text for partner in self.partners.values() for text in (partner.app_key, partner.app_token)]

    def connection(self, base_url: str) -> dict[str, str]:
        partner = next(iter(self.partners.values()))
        options = {
            "api_url": base_url + self.mount,
            "partner_app_key": partner.app_key,
            "partner_app_token": partner.app_token,
        }
        # Where methods stand is not published; who connects to the other reading has to be told.
        return (
            options if self.settings["style"] == "path" else {**options, "api_method_url": "{api_url}?method={method}"}
        )

    def routes(self) -> list[Endpoint]:
        by_path = [
            Endpoint("POST", f"/{method}", self.by_path(method), write=method in WRITES) for method in self.methods
        ]
        return [*by_path, Endpoint("POST", "/", self.by_query, query=("method",), write=False)]

    # --- the methods -------------------------------------------------------------------------------------------

    methods = ("registerUser", "unregisterUser", "authenticateUser", "licenseDetails")

    def by_path(self, method: str) -> Handler:
        def handler(request: Request) -> Response:
            return self.call(request, method) if self.settings["style"] == "path" else self.answers.nowhere()

        return handler

    def by_query(self, request: Request) -> Response:
        method = request.query_params.get("method", "")
        if self.settings["style"] != "single" or method not in self.methods:
            return self.answers.nowhere()
        request.scope["emulator.write"] = method in WRITES
        return self.call(request, method)

    def call(self, request: Request, method: str) -> Response:
        required = ["partnerAppKey", "partnerAppToken"]
        if method != "licenseDetails":
            required += ["endUserCompany", "endUserName"]
        body = self.json_body(request, SHAPE, required)
        partner = self.partners.get(body["partnerAppKey"])
        if partner is None or partner.app_token != body["partnerAppToken"]:
            credentials = {key: body[key] for key in ("partnerAppKey", "partnerAppToken")}
            return self.answers.failure("credentials", credentials)
        if method == "licenseDetails":
            return self.details(partner, body.get("endUserCompany") or None, body.get("endUserName"))
        company, name = body["endUserCompany"], body["endUserName"]
        if not company.strip() or not name.strip():
            raise self.refuse(request, "an empty endUserCompany or endUserName")
        if method == "registerUser":
            return self.register(partner, company, name)
        if method == "unregisterUser":
            return self.unregister(partner, company, name)
        return self.authenticate(partner, company, name)

    def register(self, partner: Partner, company: str, name: str) -> Response:
        now = self.clock.now()
        key = partner.key(company, name)
        licence = partner.licences.get(key)
        existing = self.settings["register_existing"]
        if licence and licence.valid(now) and existing != "counts_again":
            if existing == "error":
                return self.answers.failure("exists", partner.credentials)
            return self.answers.registered(self.record(partner, licence), partner.credentials)
        if self.settings["name_scope"] == "partner" and partner.elsewhere(key):
            return self.answers.failure("exists", partner.credentials)
        costs = 0 if licence and not licence.active and self.settings["reregister"] == "free" else 1
        if partner.annual_used + costs > partner.annual_quota:
            return self.answers.failure("quota", partner.credentials)
        self.delay(partner, key)
        partner.annual_used += costs
        if licence is None:
            licence = partner.licences[key] = Licence(company, name, now, now + YEAR)
        licence.active, licence.expires = True, now + YEAR
        return self.answers.registered(self.record(partner, licence), partner.credentials)

    def unregister(self, partner: Partner, company: str, name: str) -> Response:
        key = partner.key(company, name)
        licence = partner.licences.get(key)
        if licence is None or not licence.active:
            if self.settings["unregister_absent"] == "error":
                return self.answers.failure("absent", partner.credentials)
            licence = Licence(company, name, 0, 0, active=False)
        else:
            self.delay(partner, key)
            licence.active = False
            if self.settings["after_unregister"] == "gone":
                del partner.licences[key]
        return self.answers.unregistered(self.record(partner, licence), partner.credentials)

    def authenticate(self, partner: Partner, company: str, name: str) -> Response:
        licence = partner.licences.get(partner.key(company, name))
        valid = licence is not None and licence.valid(self.clock.now())
        style = self.settings["authenticate"]
        if style == "flag":
            return self.answers.success({"authenticated": valid}, partner.credentials)
        if licence is None or (not valid and style == "error"):
            return self.answers.failure("no_licence" if licence else "absent", partner.credentials)
        return self.answers.data(self.record(partner, licence), partner.credentials)

    def details(self, partner: Partner, company: str | None, name: str | None) -> Response:
        if (name is None and self.settings["name_required"] == "yes") or (
            not name and self.settings["listing"] == "refused"
        ):
            return self.answers.failure("name_missing", partner.credentials)
        honoured = self.settings["filter"]
        found = partner.seen(
            company if honoured in ("honoured", "company") else None, name or None if honoured == "honoured" else None
        )
        if not name and self.settings["listing"] == "active":
            found = (licence for licence in found if licence.active)
        records = [self.record(partner, licence) for licence in found]
        if records or not name or self.settings["no_match"] == "empty":
            return self.answers.records(records, partner.credentials)
        if self.settings["no_match"] == "error":
            return self.answers.failure("absent", partner.credentials)
        return self.answers.nobody(self.settings["no_match"], partner.credentials)

    def record(self, partner: Partner, licence: Licence) -> dict[str, Any]:
        return self.answers.record(licence, self.clock.now(), partner.annual_quota, partner.annual_used)

    def delay(self, partner: Partner, key: Key) -> None:
        if self.settings["consistency"] == "delayed":
            partner.delay(key)

    # --- failures ----------------------------------------------------------------------------------------------

    def bad_request(self, request: Request, message: str) -> Response:
        return self.answers.failure("invalid", {})

    def not_found(self, request: Request) -> Response:
        return self.answers.nowhere()

    def method_not_allowed(self, request: Request) -> Response:
        return self.answers.nowhere()
