# SPDX-License-Identifier: GPL-3.0-or-later
"""How DBSync's answers may look: its documents show them as pictures only, so every shape here is a switch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from .dbsync_licences import Licence
from .platform import JsonAnswer, Switch

# The names of company, user name, start, expiry, quota and quota used: the partner portal's columns, the request's own
# keys, common spellings.
NAMES: dict[str, tuple[str, ...]] = {
    "end_user": ("endUserCompany", "endUserName", "startDate", "expiryDate", "annualQuota", "usedCount"),
    "user_name": ("companyName", "userName", "createdDate", "expirationDate", "licenseQuota", "activeUsers"),
    "portal": ("Company", "Name", "RegisteredDate", "ComingExpiryDate", "Quota", "Used"),
    "org_login": ("orgName", "login", "startDate", "validTill", "totalLicenses", "currentCount"),
    "user": ("company", "user", "createdDate", "endDate", "quota", "used"),
    "snake": ("end_user_company", "end_user_name", "start_date", "expiry_date", "annual_quota", "used_count"),
    "lower": ("company", "username", "startdate", "expires", "quota", "used"),
}

# How "active" and "not active" are written.
ACTIVE: dict[str, tuple[Any, Any]] = {
    "bool": (True, False),
    "string": ("true", "false"),
    "number": (1, 0),
    "active_word": ("Active", "Inactive"),
    "registered_word": ("REGISTERED", "UNREGISTERED"),
    "valid_word": ("valid", "expired"),
    "licensed_word": ("Licensed", "Cancelled"),
}

# Successful answers that carry a marker beside the data; each value is one that a reader of errors may stumble over.
MARKERS: dict[str, dict[str, Any]] = {
    "none": {},
    "success": {"success": True},
    "message": {"message": "Request processed"},
    "status": {"status": "success"},
    "error_null": {"error": None, "errors": []},
    "error_code_0": {"errorCode": 0, "errorMessage": ""},
    "status_code": {"statusCode": 200},
}

# kind of error -> (specific HTTP status, a plain text, another wording)
ERRORS: dict[str, tuple[int, str, str]] = {
    "credentials": (401, "Invalid partnerAppKey or partnerAppToken", "Unauthorized: authentication of the application"),
    "absent": (404, "User is not registered", "No such user"),
    "exists": (409, "User already registered", "The user already exists"),
    "quota": (403, "License quota exceeded for the partner application key", "No license left for this year"),
    "no_licence": (403, "User license is inactive", "The user has no valid licence"),
    "name_missing": (400, "endUserName is required", "Parameter endUserName must be given"),
    "invalid": (400, "Bad request", "The request cannot be read"),
}

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>AppCenter - Sign in</title></head>"
    '<body><form action="/appcenter/login" method="post"><input name="user"></form></body></html>'
)

SWITCHES = (
    Switch(
        "envelope",
        (
            *("none", "data", "result", "results", "response", "user", "users", "license", "licenses"),
            *("licenseDetail", "licenseDetails", "records", "items", "nested"),
        ),
        "none",
        "the key that wraps the records (nested: response.data.users); answers are published as pictures only",
    ),
    Switch("listing_of_one", ("list", "object"), "list", "whether one matching record comes as a list of one"),
    Switch("field_names", tuple(NAMES), "end_user", "the names of a record's fields"),
    Switch("identity", ("both", "name", "none"), "both", "which of company and name a record repeats"),
    Switch(
        "active_field",
        ("active", "isActive", "enabled", "status", "licenseStatus", "absent"),
        "active",
        "the field that tells an active licence",
    ),
    Switch("active_value", tuple(ACTIVE), "bool", "how that field spells active and inactive"),
    Switch("dates", ("iso", "date", "epoch_ms", "us"), "iso", "how dates are written"),
    Switch("quota_fields", ("absent", "record"), "absent", "whether records carry the partner's quota and its use"),
    Switch("success_marker", tuple(MARKERS), "none", "what a successful answer carries beside the data"),
    Switch("echo_credentials", ("no", "yes"), "no", "whether answers repeat partnerAppKey and partnerAppToken"),
    Switch("content_type", ("json", "text"), "json", "the content type of JSON answers"),
    Switch("errors", ("http", "body200"), "http", "whether a failure has an HTTP status or comes with 200"),
    Switch("error_status", ("specific", "400", "500"), "specific", "the HTTP status of failures where errors=http"),
    Switch(
        "error_body",
        (
            *("error", "error_object", "errors", "errorMessage", "success_false", "success_string", "status_error"),
            *("error_code", "status_code", "exception", "text", "empty"),
        ),
        "error",
        "the shape of a failure",
    ),
    Switch("error_text", ("plain", "other", "opaque"), "plain", "the wording of failures"),
    Switch("register_answer", ("record", "list", "message", "empty"), "record", "what 'Newly created user' is"),
    Switch(
        "unregister_answer",
        ("success", "status", "message", "record", "string", "empty"),
        "success",
        "what 'Success unregistering' is",
    ),
    Switch(
        "unknown_route",
        ("404_html", "404_json", "405", "login_page"),
        "404_html",
        "what an address without a method behind it answers",
    ),
)


@lru_cache(maxsize=4096)
def date(style: str, moment: int) -> str | int:
    """Seconds since the epoch in one of the styles of the switch `dates`."""
    if style == "epoch_ms":
        return moment * 1000
    form = {"iso": "%Y-%m-%dT%H:%M:%SZ", "date": "%Y-%m-%d", "us": "%m/%d/%Y"}[style]
    return datetime.fromtimestamp(moment, UTC).strftime(form)


class Answers:
    """Builds DBSync's answers as the switches say."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings

    # --- successes ---------------------------------------------------------------------------------------------

    def record(self, licence: Licence, now: float, quota: int, used: int) -> dict[str, Any]:
        """One licence as a JSON object."""
        settings = self.settings
        company_key, name_key, start_key, expiry_key, quota_key, used_key = NAMES[settings["field_names"]]
        record: dict[str, Any] = dict(licence.extra)
        if settings["identity"] == "both":
            record[company_key] = licence.company
        if settings["identity"] != "none":
            record[name_key] = licence.name
        if settings["active_field"] != "absent":
            yes, no = ACTIVE[settings["active_value"]]
            record[settings["active_field"]] = yes if licence.valid(now) else no
        record[start_key] = date(settings["dates"], int(licence.registered))
        record[expiry_key] = date(settings["dates"], int(licence.expires))
        if settings["quota_fields"] == "record":
            record[quota_key] = quota
            record[used_key] = used
        return record

    def records(self, records: list[dict[str, Any]], credentials: dict[str, str]) -> Response:
        one = self.settings["listing_of_one"] == "object" and len(records) == 1
        return self.data(records[0] if one else records, credentials)

    def data(self, data: Any, credentials: dict[str, str]) -> Response:
        """A record, or a list of records, in the envelope."""
        if self.settings["echo_credentials"] == "yes":
            data = [{**credentials, **each} for each in data] if isinstance(data, list) else {**credentials, **data}
        envelope = self.settings["envelope"]
        if envelope == "nested":
            data = {"response": {"data": {"users": data}}}
        elif envelope != "none":
            data = {envelope: data}
        return self.success(data, credentials)

    def nobody(self, style: str, credentials: dict[str, str]) -> Response:
        """The answer where no licence was found: null in the envelope, or an empty object."""
        if style == "object":
            return self.success({}, credentials)
        envelope = self.settings["envelope"]
        return self.success(None if envelope in ("none", "nested") else {envelope: None}, credentials)

    def registered(self, record: dict[str, Any], credentials: dict[str, str]) -> Response:
        style = self.settings["register_answer"]
        if style in ("record", "list"):
            return self.data([record] if style == "list" else record, credentials)
        return Response() if style == "empty" else self.success({"message": "User registered"}, credentials)

    def unregistered(self, record: dict[str, Any], credentials: dict[str, str]) -> Response:
        style = self.settings["unregister_answer"]
        if style == "record":
            return self.data(record, credentials)
        if style == "empty":
            return Response()
        plain: dict[str, Any] = {
            "success": {"success": True},
            "status": {"status": "success"},
            "message": {"message": "User unregistered successfully"},
            "string": "Success",
        }
        return self.success(plain[style], credentials)

    def success(self, data: Any, credentials: dict[str, str]) -> Response:
        if isinstance(data, dict):
            data = {**MARKERS[self.settings["success_marker"]], **data}
            if self.settings["echo_credentials"] == "yes":
                data = {**credentials, **data}
        return self.json(data, 200)

    def json(self, data: Any, status: int) -> Response:
        media_type = "text/plain" if self.settings["content_type"] == "text" else None
        return JsonAnswer(data, status, media_type=media_type)

    # --- failures ----------------------------------------------------------------------------------------------

    def failure(self, kind: str, credentials: dict[str, str]) -> Response:
        """A failure of one of the kinds in ERRORS."""
        status, plain, other = ERRORS[kind]
        text = {"plain": plain, "other": other, "opaque": "Request could not be processed"}
        if self.settings["error_status"] != "specific":
            status = int(self.settings["error_status"])
        return self.failed(status, text[self.settings["error_text"]], credentials)

    def failed(self, status: int, text: str, credentials: Mapping[str, str]) -> Response:
        sent = 200 if self.settings["errors"] == "body200" else status
        shape = self.settings["error_body"]
        if shape == "empty":
            return Response(status_code=sent)
        if shape == "text":
            return PlainTextResponse(text, sent)
        bodies: dict[str, dict[str, Any]] = {
            "error": {"error": text},
            "error_object": {"error": {"code": status, "message": text}},
            "errors": {"errors": [{"message": text}]},
            "errorMessage": {"errorMessage": text},
            "success_false": {"success": False, "message": text},
            "success_string": {"isSuccess": "false", "msg": text},
            "status_error": {"status": "error", "message": text},
            "error_code": {"errorCode": 17, "message": text},
            "status_code": {"statusCode": status, "message": text},
            "exception": {"exception": "com.example.PartnerException", "message": text},
        }
        body = bodies[shape]
        if self.settings["echo_credentials"] == "yes":
            body = {**body, "request": dict(credentials)}
        return self.json(body, sent)

    def nowhere(self) -> Response:
        """What an address answers that has no method behind it."""
        style = self.settings["unknown_route"]
        if style == "login_page":
            return HTMLResponse(LOGIN_PAGE)
        if style == "404_json":
            return JsonAnswer({"timestamp": 0, "status": 404, "error": "Not Found", "path": "partner"}, 404)
        if style == "405":
            return HTMLResponse("<h1>HTTP Status 405 - Request method not supported</h1>", 405)
        return HTMLResponse("<h1>HTTP Status 404 - Not Found</h1>", 404)
