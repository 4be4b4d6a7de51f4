# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a registered DBSync user, and what each step costs."""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from unit.kind import Kind
from unit.life import Life, Step

USER = {"company": "Acme", "username": "Ana Silva/x@example.com"}
VARIANT = {"company": "ACME", "username": "ana silva/X@example.com"}
AGAIN = {**USER, "allow_reregister": True}
REREGISTERED = {"active": (False, True)}

# Without a listing nobody sees the user who is there under another spelling.
UNSEEN_VARIANT = {
    "almost the same": Step("almost the same", {**VARIANT, "state": "absent"}, "nothing"),
}

LIFE = Life(
    service=DBSyncUsers,
    tenant="dbsync",
    steps=(
        Step("absent", {**USER, "state": "absent"}, "nothing"),
        Step("registered", USER, "create", {}),
        Step("same, and it may cost", AGAIN, "nothing"),
        Step("almost the same", VARIANT, "refused", says="'Acme/Ana Silva/x@example.com' is listed"),
        Step("unregistered", {**USER, "state": "absent"}, "delete", {}),
        Step("unregistered again", {**USER, "state": "absent"}, "nothing"),
        Step("registered once more", USER, "create", {}),
        Step("unregistered once more", {**USER, "state": "absent"}, "delete", {}),
    ),
    instead={
        ("after_unregister", "inactive"): {
            "registered once more": Step("registered once more", AGAIN, "update", REREGISTERED),
        },
        ("listing", "refused"): UNSEEN_VARIANT,
        ("identity", "name"): UNSEEN_VARIANT,
        ("identity", "none"): UNSEEN_VARIANT,
    },
)

KIND = Kind(
    LIFE,
    lambda n: {"company": "Limits Ltd", "username": f"user{n}@example.com"},
    options={"companies": ["Limits Ltd"]},
    # Nobody logs in as a registered user to manage others, so there is no own account among them.
)
