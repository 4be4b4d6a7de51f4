# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of object, with what a test needs to make some of it, and what must never be lost of it.

A new kind of object needs a row here: tests/unit/test_limits.py compares these with lives/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from unit.every_life import LIVES
from unit.life import Life

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of object: how to make four of it, and what of the start state must never be lost."""

    name: str
    make: Callable[[int], Entry]
    # Beside what LIFE says: options of the plural module, the emulator's start state, credentials.
    options: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, Any] = field(default_factory=dict)
    # (what is declared, why it is refused): what would lock the caller, or everybody, out.
    protected: Sequence[tuple[Entry, str]] = ()

    @property
    def life(self) -> Life:
        return LIVES[self.name]

    @property
    def service(self) -> type[Service]:
        return self.life.service


ROBOT, ROBOT_TOKEN = "robot@example.com", "fa4e0000000000000000000000000002"
DEVO = {
    "people": [{"email": f"{name}@example.com", "user_name": name} for name in ("owner", "robot", "ann")],
    "domains": [
        {
            "name": "example@reseller",
            "account": "example",
            "api_key": "fake-devo-api-key",
            "api_secret": "fake-devo-api-secret",
            "roles": ["analyst", "reviewer", "operator"],
            "users": [
                {"email": "owner@example.com", "roles": ["ADMIN"], "owner": True},
                {"email": ROBOT, "roles": ["operator", "reviewer"]},
                {"email": "ann@example.com", "roles": ["ADMIN"]},
            ],
            "tokens": [
                {"name": "automation", "audience": "apiv2-admin", "user": ROBOT, "token": ROBOT_TOKEN},
                {"name": "reports", "user": "ann@example.com"},
            ],
        }
    ],
}
OWN = "automation@example.com"
OWNER_RULE = "the domain's owner, whose role cannot be changed"
IN_USE = "the token in use, which is never deleted, disabled or renewed"

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "dbsync_license_user",
            lambda n: {"company": "Limits Ltd", "username": f"user{n}@example.com"},
            options={"companies": ["Limits Ltd"]},
            # Nobody logs in as a registered user to manage others, so there is no own account among them.
        ),
        Kind(
            "devo_domain_user",
            lambda n: {"email": f"user{n}@example.com", "roles": ["analyst"]},
            state=DEVO,
            credentials={"api_token": ROBOT_TOKEN, "api_key": None, "api_secret": None},
            protected=(
                ({"email": "owner@example.com", "state": "absent"}, "the domain's owner"),
                ({"email": "owner@example.com", "enabled": False}, "never disabled: it is the domain's owner"),
                ({"email": "Owner@example.com", "roles": ["analyst"]}, OWNER_RULE),
                ({"email": "owner@example.com", "roles": []}, OWNER_RULE),
                ({"email": "ann@example.com", "roles": ["OWNER"]}, "there is only one"),
                ({"email": ROBOT, "state": "absent"}, "never removed: it is the account in use"),
                ({"email": ROBOT.upper(), "enabled": False}, "never disabled: it is the account in use"),
                ({"email": ROBOT, "roles": []}, "keeps operator, reviewer: it is the account in use"),
                ({"email": ROBOT, "roles": ["operator", "analyst"]}, "keeps reviewer: it is the account in use"),
            ),
        ),
        Kind(
            "devo_token",
            lambda n: {"name": f"token {n}", "audience": ["apiv2"], "scopes": ["table://my.app"]},
            state=DEVO,
            credentials={"api_token": ROBOT_TOKEN, "api_key": None, "api_secret": None},
            protected=(
                ({"name": "automation", "state": "absent"}, IN_USE),
                ({"token_id": "1", "state": "absent"}, IN_USE),
                ({"name": "automation", "enabled": False}, IN_USE),
                ({"name": "automation", "audience": ["http"], "replace": True}, IN_USE),
            ),
        ),
        Kind(
            "ds_user",
            lambda n: {
                "email": f"user{n}@example.com",
                "password": f"the password of user {n}",
                "privilege": "read",
                "profile": "developer",
                "roles": ["reporting"],
            },
            protected=(
                ({"email": OWN, "state": "absent"}, "never removed: it is the account in use"),
                ({"email": OWN.upper(), "privilege": "read write"}, "keeps its privilege: it is the account in use"),
                ({"email": OWN, "profile": "developer"}, "keeps its profile: it is the account in use"),
                ({"email": "datasentinel@example.com", "state": "absent"}, "it is the built-in account"),
                ({"email": "datasentinel@example.com", "privilege": "read"}, "keeps its privilege: it is the built-in"),
                ({"email": "grace@example.com", "roles": []}, "set unrestricted: true if that is meant"),
            ),
        ),
        Kind(
            "subscription",
            lambda n: {"name": f"Studio {n}"},
            protected=(({"name": "Finance", "state": "absent"}, "cannot be removed: .*Monthly figures"),),
        ),
    )
}
