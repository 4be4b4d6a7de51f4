# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a user of a Devo domain."""

from __future__ import annotations

from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from unit.kind import Kind
from unit.life import Life, Step

EMAIL = "Ana.Silva+x@Example.com"
OWNER = "owner@example.com"
NEW = {
    "email": EMAIL,
    "username": "Ana Silva",
    "phone": "+34 600 000 002",
    "roles": ["analyst", "reviewer", "NO_PRIVILEGES"],
}
BOTH = ["analyst", "reviewer"]
OF_TOKENS = "a setting of the token API"

LIFE = Life(
    service=DevoUsers,
    tenant="devo",
    # The key that is taken whatever `domain_key` says; the others are tried in test_devo_users.py.
    common={"domain": "example@reseller", "api_key_type": "multitenant"},
    steps=(
        Step("absent", {"email": EMAIL, "state": "absent"}, "nothing"),
        Step("create without roles", {"email": EMAIL}, "refused", says="creating it needs roles"),
        Step("create with an unknown role", {**NEW, "roles": ["analystt"]}, "refused", says="did you mean 'analyst'"),
        Step("create a second owner", {**NEW, "roles": ["OWNER"]}, "refused", says="that is 'owner@example.com'"),
        Step(
            "create",
            NEW,
            "create",
            {"username": (None, "Ana Silva"), "phone": (None, "+34 600 000 002"), "roles": (None, BOTH)},
        ),
        Step("same, written otherwise", {**NEW, "email": EMAIL.upper(), "username": "Ana", "enabled": True}, "nothing"),
        Step("one role less", {"email": EMAIL, "roles": ["reviewer"]}, "update", {"roles": (BOTH, ["reviewer"])}),
        Step("another role", {"email": EMAIL, "roles": ["analyst"]}, "update", {"roles": (["reviewer"], ["analyst"])}),
        Step(
            "one role more",
            {"email": EMAIL, "roles": ["reviewer"], "append_roles": True},
            "update",
            {"roles": (["analyst"], BOTH)},
        ),
        Step("nothing more", {"email": EMAIL, "roles": [], "append_roles": True}, "nothing"),
        Step(
            "ADMIN beside the others",
            {"email": EMAIL, "roles": ["ADMIN"], "append_roles": True},
            "refused",
            says="ADMIN beside another role",
        ),
        Step("become the owner", {"email": EMAIL, "roles": ["OWNER"]}, "refused", says="that is 'owner@example.com'"),
        Step(
            "disabled",
            {"email": EMAIL, "enabled": False},
            "update",
            {"enabled": (True, False)},
        ),
        Step(
            "enabled, administrator",
            {"email": EMAIL, "enabled": True, "roles": ["ADMIN"]},
            "update",
            {"enabled": (False, True), "roles": (BOTH, ["ADMIN"])},
        ),
        Step(
            "disabled, without roles",
            {"email": EMAIL, "enabled": False, "roles": []},
            "update",
            {"enabled": (True, False), "roles": (["ADMIN"], ["NO_PRIVILEGES"])},
        ),
        Step("removed", {"email": EMAIL, "state": "absent"}, "delete", {}),
        Step("removed again", {"email": EMAIL, "state": "absent"}, "nothing"),
        Step("disabled, if there", {"email": EMAIL, "enabled": False, "only_existing": True}, "nothing"),
        Step(
            "created disabled, without activation",
            {"email": EMAIL, "roles": [], "enabled": False, "skip_validation": True},
            "create",
            {"roles": (None, ["NO_PRIVILEGES"]), "enabled": (None, False)},
        ),
        Step("the owner is OWNER", {"email": OWNER, "roles": ["OWNER"], "enabled": True}, "nothing"),
        Step("the owner is ADMIN", {"email": OWNER, "roles": ["ADMIN"]}, "nothing"),
        Step("the owner as another", {"email": OWNER, "roles": ["analyst"]}, "refused", says="role cannot be changed"),
        Step("the owner disabled", {"email": OWNER, "enabled": False}, "refused", says="never disabled"),
        Step("the owner removed", {"email": OWNER, "state": "absent"}, "refused", says="the domain's owner"),
    ),
    unmet={
        "layout": OF_TOKENS,
        "token_secret_key": OF_TOKENS,
        "create_status": OF_TOKENS,
        "create_answer": OF_TOKENS,
        "toggle_same": OF_TOKENS,
        "change_answer": OF_TOKENS,
        "rename_key": OF_TOKENS,
        "delete_status": OF_TOKENS,
        "permanent": OF_TOKENS,
        "expired": OF_TOKENS,
        "expires_in": OF_TOKENS,
        "default_scopes": OF_TOKENS,
        "word_order": OF_TOKENS,
        "owner_key": OF_TOKENS,
        "token_policies": OF_TOKENS,
        "token_names": OF_TOKENS,
        "unknown_token": OF_TOKENS,
    },
)

ROBOT, ROBOT_TOKEN = "robot@example.com", "fa4e0000000000000000000000000002"
TENANT: dict[str, Any] = {
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
OWNER_RULE = "the domain's owner, whose role cannot be changed"

KIND = Kind(
    LIFE,
    lambda n: {"email": f"user{n}@example.com", "roles": ["analyst"]},
    state=TENANT,
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
    taken_away=({"roles": ["analyst", "reviewer"]}, {"roles": ["reviewer"]}),
)
