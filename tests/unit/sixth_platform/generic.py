# SPDX-License-Identifier: GPL-3.0-or-later
"""For pytest: a test that every other platform has must be there for the sixth one too, or nothing is run."""

from __future__ import annotations

import pytest

OTHERS = ("dbsync", "devo", "ds_user", "subscription")
SIXTH = "ledger"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look before any are deselected."""
    cases = {word: _functions_for(word, items) for word in (*OTHERS, SIXTH)}
    without = set.intersection(*(cases[word] for word in OTHERS)) - cases[SIXTH]
    if without:
        raise pytest.UsageError(f"no case of {SIXTH} in {sorted(without)}")


def _functions_for(word: str, items: list[pytest.Item]) -> set[str]:
    return {item.nodeid.partition("[")[0] for item in items if word in item.nodeid.partition("[")[2]}
