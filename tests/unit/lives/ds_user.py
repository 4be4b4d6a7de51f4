# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a Datasentinel user."""

from __future__ import annotations

from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from unit.kind import Kind
from unit.life import Life, Step

EMAIL = "Ana.Silva+x@Example.com"
NEW = {
    "email": EMAIL,
    "password": "first password",
    "privilege": "read",
    "profile": "developer",
    "roles": ["reporting"],
    "comment": "joined",
}
ONE_MORE = {"email": EMAIL, "roles": ["reporting"], "append_roles": True}
HIDDEN, CHANGED = "********", "******** (changed)"


def without(options: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != name}


OLD_CREATE = Step("create", without(NEW, "comment"), "create")
# On servers with one role for each user the step before did not add a second one.
ONE_ROLE = Step(
    "roles and privilege",
    {"email": EMAIL, "roles": ["reporting"], "privilege": "read"},
    "update",
    {"roles": (["billing"], ["reporting"]), "privilege": ("read write", "read")},
)
LAST_ROLE_KEPT = Step(
    "roles and privilege",
    {"email": EMAIL, "roles": ["billing"], "privilege": "read"},
    "update",
    {"roles": (["reporting"], ["billing"]), "privilege": ("read write", "read")},
)

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
            ONE_MORE,
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
    refusals={
        ("comment", "unsupported"): {"comment": "not kept: comment"},
        ("put_ignores_live_360", "yes"): {"live_360": "not kept: live_360"},
        ("single_role_only", "yes"): {"one role more": "keep one role for each user"},
        ("single_role_only", "refused"): {"one role more": "only be assigned one role"},
    },
    instead={
        ("generation", "old"): {
            "create": OLD_CREATE,
            "same, written otherwise": Step("same, written otherwise", {"email": EMAIL.upper()}, "nothing"),
            "comment": Step("comment", {"email": EMAIL, "comment": "moved"}, "refused", says="keeps no comments"),
            "comment emptied": Step("comment emptied", {"email": EMAIL, "comment": ""}, "nothing"),
            "one role more": Step(
                "one role more",
                {"email": EMAIL, "roles": ["reporting"], "append_roles": True},
                "refused",
                says="one role",
            ),
            "roles and privilege": ONE_ROLE,
        },
        ("single_role_only", "yes"): {"roles and privilege": LAST_ROLE_KEPT},
        ("single_role_only", "refused"): {"roles and privilege": ONE_ROLE},
        ("comment", "unsupported"): {
            "create": Step("create", without(NEW, "comment"), "create"),
            "same, written otherwise": Step("same, written otherwise", without(NEW, "comment"), "nothing"),
            "comment emptied": Step("comment emptied", {"email": EMAIL, "comment": ""}, "nothing"),
        },
    },
)

OWN = "automation@example.com"

KIND = Kind(
    LIFE,
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
    taken_away=({"roles": ["billing", "reporting"]}, {"roles": ["reporting"]}),
)
