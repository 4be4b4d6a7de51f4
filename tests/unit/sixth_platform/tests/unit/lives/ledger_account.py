# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an account of Ledger."""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.services.ledger import LedgerAccounts
from unit.kind import Kind
from unit.life import Life, Step

NAME = "Möbius & Sons"

LIFE = Life(
    service=LedgerAccounts,
    tenant="ledger",
    steps=(
        Step("absent", {"name": NAME, "state": "absent"}, "nothing"),
        Step("create without a level", {"name": NAME}, "refused", says="needs level"),
        Step(
            "create",
            {"name": NAME, "level": "reader", "teams": ["red"]},
            "create",
            {"level": (None, "reader"), "teams": (None, ["red"])},
        ),
        Step("same, written otherwise", {"name": NAME.upper(), "teams": ["red", "red"]}, "nothing"),
        Step("level", {"name": NAME, "level": "writer"}, "update", {"level": ("reader", "writer")}),
        Step("no team", {"name": NAME, "teams": []}, "update", {"teams": (["red"], [])}),
        Step("owner removed", {"name": "olga", "state": "absent"}, "refused", says="it is the tenant's owner"),
        Step("last owner", {"name": "olga", "level": "writer"}, "refused", says="no administrator would be left"),
        Step("removed", {"name": NAME, "state": "absent"}, "delete", {}),
        Step("removed again", {"name": NAME, "state": "absent"}, "nothing"),
    ),
)

KIND = Kind(
    LIFE,
    lambda n: {"name": f"account {n}", "level": "reader", "teams": ["red"]},
    protected=(
        ({"name": "Olga", "state": "absent"}, "it is the tenant's owner"),
        ({"name": "olga", "level": "writer"}, "no administrator would be left"),
    ),
    taken_away=({"teams": ["blue", "red"]}, {"teams": ["red"]}),
)
