# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a Datasentinel user."""

from __future__ import annotations

from unit.life import Life, Step

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers

EMAIL = "Ana.Silva+x@Example.com"
NEW = {
    "email": EMAIL,
    "password": "first password",
    "privilege": "read",
    "profile": "developer",
    "roles": ["reporting"],
    "comment": "joined",
}
HIDDEN, CHANGED = "********", "******** (changed)"

LIFE = Life(
    service=DatasentinelUsers,
    tenant="datasentinel",
    steps=(
        Step("absent", {"email": EMAIL, "state": "absent"}, "nothing"),
        Step("create without rights", {"email": EMAIL, "password": "x"}, "refused", says="needs privilege, profile"),
        Step("create with an unknown role", {**NEW, "roles": ["nobody knows"]}, "refused", says="nobody knows"),
        Step(
            "create",
            NEW,
            "create",
            {
                "comment": (None, "joined"),
                "live_360": (None, True),
                "password": (None, HIDDEN),
                "privilege": (None, "read"),
                "profile": (None, "developer"),
                "roles": (None, ["reporting"]),
            },
        ),
        Step("same, written otherwise", {**NEW, "email": EMAIL.upper(), "password": "another"}, "nothing"),
        Step("privilege", {"email": EMAIL, "privilege": "read write"}, "update", {"privilege": ("read", "read write")}),
        Step("profile", {"email": EMAIL, "profile": "data admin"}, "update", {"profile": ("developer", "data admin")}),
        Step("live_360", {"email": EMAIL, "live_360": False}, "update", {"live_360": (True, False)}),
        Step("comment", {"email": EMAIL, "comment": "moved"}, "update", {"comment": ("joined", "moved")}),
        Step("comment emptied", {"email": EMAIL, "comment": ""}, "update", {"comment": ("moved", "")}),
        Step("roles", {"email": EMAIL, "roles": ["billing"]}, "update", {"roles": (["reporting"], ["billing"])}),
        Step(
            "one role more",
            {"email": EMAIL, "roles": ["reporting"], "append_roles": True},
            "update",
            {"roles": (["billing"], ["billing", "reporting"])},
        ),
        Step(
            "roles and privilege",
            {"email": EMAIL, "roles": ["reporting"], "privilege": "read"},
            "update",
            {"roles": (["billing", "reporting"], ["reporting"]), "privilege": ("read write", "read")},
        ),
        Step("last role", {"email": EMAIL, "roles": []}, "refused", says="unrestricted: true"),
        Step(
            "unrestricted",
            {"email": EMAIL, "roles": [], "unrestricted": True},
            "update",
            {"roles": (["reporting"], [])},
        ),
        Step(
            "password",
            {"email": EMAIL, "password": "second password", "update_password": "always"},
            "update",
            {"password": (HIDDEN, CHANGED)},
        ),
        Step("removed", {"email": EMAIL, "state": "absent"}, "delete", {}),
        Step("removed again", {"email": EMAIL, "state": "absent"}, "nothing"),
        Step("own account", {"email": "automation@example.com", "state": "absent"}, "refused", says="account in use"),
    ),
)
