# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command writes is what is committed; what it is compared with is in parity/."""

from __future__ import annotations

import document
from documentation.text import fill_regions, redirected


def test_nothing_would_be_written_otherwise() -> None:
    assert document.stale() == [], "run tools/document.py"


def test_a_region_is_filled_and_the_rest_is_kept() -> None:
    text = "a\n  # BEGIN it (tools/document.py)\n  old\n  # END it\nb\n"
    assert fill_regions(text, lambda what, indent: f"{' ' * indent}{what} new\n") == text.replace("old", "it new")


def test_references_are_redirected() -> None:
    told = {"a": ["See O(email), O(state=absent), RV(user.id), O(users[].x), E(email), V(email)."]}
    assert redirected(told, lambda name: f"users[].{name}", lambda name: f"m#module:{name}") == {
        "a": ["See O(users[].email), O(users[].state=absent), RV(m#module:user.id), O(users[].x), E(email), V(email)."]
    }
