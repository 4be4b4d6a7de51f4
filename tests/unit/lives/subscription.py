# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an Alteryx subscription."""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions
from unit.kind import Kind
from unit.life import Life, Step

NAME = "Möbius & Sons / Reports"
ANN, BOB = "66f0000000000000000000a2", "66f0000000000000000000a3"
CREDENTIAL = "66f0000000000000000000c1"
# The emulator numbers what it makes: the curator's private subscription is the first.
ID = f"66f0a1b2{2:016x}"

LIFE = Life(
    service=Subscriptions,
    tenant="alteryx",
    steps=(
        Step("absent", {"name": NAME, "state": "absent"}, "nothing"),
        Step("unknown user", {"name": NAME, "users": ["nobody@example.com"]}, "refused", says="nobody@example.com"),
        Step("unknown user id", {"name": NAME, "users": [ANN, "66f0"]}, "refused", says="no user .* the id '66f0'"),
        Step("unknown credential", {"name": NAME, "credential_id": "66f0"}, "refused", says="no credential '66f0'"),
        Step("unknown id", {"subscription_id": ID, "name": NAME}, "refused", says=f"has the id '{ID}'"),
        Step(
            "create",
            {"name": NAME, "can_share_schedules": True, "users": ["Ann@Example.com"]},
            "create",
            {"can_share_schedules": (None, True), "credential_id": (None, ""), "users": (None, [ANN])},
        ),
        Step("same, written otherwise", {"name": NAME, "credential_id": "", "users": [ANN]}, "nothing"),
        Step("same, by id", {"subscription_id": ID, "users": ["ann@example.com", ANN]}, "nothing"),
        Step(
            "sharing",
            {"name": NAME, "can_share_schedules": False},
            "update",
            {"can_share_schedules": (True, False)},
        ),
        Step("credential", {"name": NAME, "credential_id": CREDENTIAL}, "update", {"credential_id": ("", CREDENTIAL)}),
        Step(
            "renamed",
            {"subscription_id": ID, "name": "Reports"},
            "update",
            {"name": (NAME, "Reports")},
        ),
        Step(
            "credential emptied",
            {"name": "Reports", "credential_id": ""},
            "update",
            {"credential_id": (CREDENTIAL, "")},
        ),
        Step("name taken", {"subscription_id": ID, "name": "Empty"}, "refused", says="'Empty' is taken"),
        Step(
            "one user more, and everything else",
            {
                "subscription_id": ID,
                "name": NAME,
                "users": [BOB],
                "can_share_schedules": True,
                "credential_id": CREDENTIAL,
            },
            "update",
            {
                "can_share_schedules": (False, True),
                "credential_id": ("", CREDENTIAL),
                "name": ("Reports", NAME),
                "users": ([ANN], [ANN, BOB]),
            },
        ),
        Step("removed while in use", {"name": NAME, "state": "absent"}, "refused", says=f"ann@example.com .{ANN}"),
        Step(
            "users moved back",
            {"name": "Finance", "users": ["bob@example.com", "ann@example.com"]},
            "update",
            {"users": ([], [ANN, BOB])},
        ),
        Step("removed", {"name": NAME, "state": "absent"}, "delete", {}),
        Step("removed again", {"name": NAME, "state": "absent"}, "nothing"),
        Step("removed again, by id", {"subscription_id": ID, "state": "absent"}, "nothing"),
        Step("never empty", {"name": "Finance", "state": "absent"}, "refused", says="workflows Monthly figures"),
    ),
    # One user is in one subscription only.
    further={"can_share_schedules": True},
    unmet={
        "version": "a server without these endpoints has no life; test_subscription.py has one",
        "non_curator": "the credentials are those of a Curator; test_subscription.py has others",
    },
)

KIND = Kind(
    LIFE,
    lambda n: {"name": f"Studio {n}"},
    protected=(({"name": "Finance", "state": "absent"}, "cannot be removed: .*Monthly figures"),),
)
