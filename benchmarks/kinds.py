# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of object that are measured: what is declared, what a platform holds, and what a script would send."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Options = Mapping[str, str]


@dataclass(frozen=True)
class Call:
    """One request of the script that a module is compared with."""

    method: str
    path: str
    body: Json | None = None


@dataclass(frozen=True)
class Script:
    """The requests of a plain script. ``session``: the header and key of the token that its log-in is answered."""

    headers: Callable[[Options], dict[str, str]]
    listing: Callable[[Options], Call]
    creation: Callable[[Options, int], Call]
    removal: Callable[[Options, int], Call]
    log_in: Call | None = None
    session: str | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of object. Objects are numbered from 0; each function takes such a number."""

    name: str
    platform: str
    module: str
    one: str
    option: str
    # Options of the task beside the list, by the emulator's connection.
    beside: Callable[[Options], Json]
    # A declared object; ``drifted``: as it is after somebody has changed it on the platform.
    declared: Callable[[int], Json]
    held: Callable[[int, bool], Json]
    # The tenant's state with these objects.
    state: Callable[[Sequence[Json]], Json]
    # What a script sends; None: there is none to compare with.
    script: Script | None = None
    # Declared besides, and always there.
    always: tuple[Json, ...] = ()

    def many(self, number: int, secrets: bool = True) -> list[Json]:
        """So many declared objects; without ``secrets``: as they are declared once they exist."""
        found = [self.declared(place) for place in range(number)]
        if not secrets:
            for entry in found:
                entry.pop("password", None)
        return [*self.always, *found]

    def start(self, number: int, drifted: int = 0) -> dict[str, Json]:
        """The emulator's state: so many objects, the first of which are not as declared."""
        return {self.platform: self.state([self.held(place, place < drifted) for place in range(number)])}


def _email(place: int) -> str:
    return f"user-{place:06}@example.com"


# --- Datasentinel -------------------------------------------------------------------------------------------------

_USER = {"privilege": "read", "profile": "developer", "roles": ["billing"], "comment": "as declared"}


def _ds_declared(place: int) -> Json:
    return {"email": _email(place), "password": hashlib.sha256(str(place).encode()).hexdigest()[:24], **_USER}


def _ds_held(place: int, drifted: bool) -> Json:
    return {"email": _email(place), **_USER, "comment": "changed by hand" if drifted else _USER["comment"]}


def _ds_headers(options: Options) -> dict[str, str]:
    pair = f"{options['api_username']}:{options['api_password']}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _ds_creation(_options: Options, place: int) -> Call:
    entry = _ds_declared(place)
    return Call("POST", f"/users/{entry.pop('email')}", {**entry, "live_360": 1})


DS_USERS = Kind(
    name="Datasentinel users",
    platform="datasentinel",
    module="dataops.access.ds_users",
    one="dataops.access.ds_user",
    option="users",
    beside=lambda options: {},
    declared=_ds_declared,
    held=_ds_held,
    # Somebody has the declared role already, so that nobody has to be asked which roles there are.
    state=lambda held: {
        "users": [{"email": "first@example.com", **_USER}, *held],
        "roles": [{"name": "billing", "access": []}],
    },
    script=Script(
        headers=_ds_headers,
        listing=lambda options: Call("GET", "/users"),
        creation=_ds_creation,
        removal=lambda options, place: Call("DELETE", f"/users/{_email(place)}"),
        log_in=Call("POST", "/user-token"),
        session="user-token",
    ),
    always=({"email": "first@example.com"},),
)

# --- Devo ---------------------------------------------------------------------------------------------------------

# Somebody has the declared role already, so that nobody has to be asked which roles there are.
_USERS = [
    {"email": "owner@example.com", "roles": ["ADMIN"], "owner": True},
    {"email": "analyst@example.com", "roles": ["analyst"]},
]
_AUTOMATION = {
    "id": 1,
    "name": "automation",
    "audience": "apiv2-admin apiv2",
    "scopes": "level://admin",
    "owner": "owner@example.com",
    "user": "owner@example.com",
    "expires_in_seconds": -1,
    "token": "fa4e0000000000000000000000000001",
}


def _devo(held: Sequence[Json], what: str) -> Json:
    domain = {
        "name": "example@reseller",
        "account": "example",
        "api_key": "fake-devo-api-key",
        "api_secret": "fake-devo-api-secret",
        "roles": ["analyst", "reviewer"],
        "users": _USERS,
        "tokens": [_AUTOMATION],
    }
    return {"domains": [{**domain, what: [*domain[what], *held]}]}


def _devo_user_creation(options: Options, place: int) -> Call:
    body = {"domain": options["domain"], "email": _email(place), "role": "analyst", "userName": f"User {place}"}
    return Call("POST", "/probio/user/internal", body)


DEVO_USERS = Kind(
    name="Devo domain users",
    platform="devo",
    module="dataops.access.devo_domain_users",
    one="dataops.access.devo_domain_user",
    option="users",
    beside=lambda options: {"domain": options["domain"], "api_token": options["api_token"]},
    declared=lambda place: {"email": _email(place), "username": f"User {place}", "roles": ["analyst"]},
    held=lambda place, drifted: {"email": _email(place), "roles": ["reviewer" if drifted else "analyst"]},
    state=lambda held: _devo(held, "users"),
    script=Script(
        headers=lambda options: {"standAloneToken": options["api_token"]},
        listing=lambda options: Call("GET", f"/probio/user/domain/{options['domain']}"),
        creation=_devo_user_creation,
        removal=lambda options, place: Call("DELETE", f"/probio/user/email/{_email(place)}/domain/{options['domain']}"),
    ),
    always=({"email": "analyst@example.com"},),
)


def _token(place: int) -> str:
    return f"token-{place:06}"


DEVO_TOKENS = Kind(
    name="Devo tokens",
    platform="devo",
    module="dataops.access.devo_tokens",
    one="dataops.access.devo_token",
    option="tokens",
    beside=lambda options: {"account": options["account"], "api_token": options["api_token"]},
    declared=lambda place: {
        "name": _token(place),
        "audience": ["apiv2"],
        "scopes": ["table://*.**"],
        "expires_in": -1,
        "enabled": True,
    },
    held=lambda place, drifted: {
        "name": _token(place),
        "audience": "apiv2",
        "scopes": "table://*.**",
        "expires_in_seconds": -1,
        "active": not drifted,
    },
    state=lambda held: _devo(held, "tokens"),
    script=Script(
        headers=lambda options: {"Authorization": f"Bearer {options['api_token']}"},
        listing=lambda options: Call("GET", f"/v2/accounts/{options['account']}/tokens"),
        creation=lambda options, place: Call(
            "POST",
            f"/v2/accounts/{options['account']}/tokens",
            {"name": _token(place), "audience": "apiv2", "scopes": "table://*.**", "expiresInSeconds": -1},
        ),
        removal=lambda options, place: Call("DELETE", f"/v2/accounts/{options['account']}/tokens/{place + 2}"),
    ),
    # The token in use: that it is declared tells more than reading it.
    always=({"name": "automation"},),
)

# --- DBSync and Alteryx -------------------------------------------------------------------------------------------

LICENCES = Kind(
    name="DBSync users",
    platform="dbsync",
    module="dataops.access.dbsync_license_users",
    one="dataops.access.dbsync_license_user",
    option="users",
    beside=lambda options: {"max_registrations": -1},
    declared=lambda place: {"company": "Example", "username": _email(place)},
    held=lambda place, drifted: {"company": "Example", "name": _email(place), "active": not drifted},
    state=lambda held: {
        "partners": [
            {
                "app_key": "fake-partner-app-key",
                "app_token": "fake-partner-app-token",
                "annual_quota": 1_000_000,
                "users": [{"company": "Example", "name": "first@example.com"}, *held],
            }
        ]
    },
    # An empty listing would be doubted, and everybody asked for by name.
    always=({"company": "Example", "username": "first@example.com"},),
)
SUBSCRIPTIONS = Kind(
    name="Alteryx subscriptions",
    platform="alteryx",
    module="dataops.access.subscriptions",
    one="dataops.access.subscription",
    option="subscriptions",
    beside=lambda options: {},
    declared=lambda place: {"name": f"Subscription {place:06}", "can_share_schedules": True},
    held=lambda place, drifted: {"name": f"Subscription {place:06}", "canShareSchedules": not drifted},
    state=lambda held: {
        "subscriptions": [{"name": "First"}, *held],
        "users": [{"id": "66f0000000000000000000a1", "role": "Curator", "subscription": None}],
        "workflows": [],
    },
    always=({"name": "First"},),
)

KINDS = (DS_USERS, DEVO_USERS, DEVO_TOKENS, LICENCES, SUBSCRIPTIONS)
