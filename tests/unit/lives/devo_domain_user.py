# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a user of a Devo domain."""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
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
