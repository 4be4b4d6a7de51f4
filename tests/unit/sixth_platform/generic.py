# SPDX-License-Identifier: GPL-3.0-or-later
"""For pytest: of the generic tests, the cases of the sixth platform, and the tests that look whether there are any.

A test that every other platform has must be there for the sixth one too, or nothing is run.
"""

from __future__ import annotations

import re

import pytest

OTHERS = ("dbsync", "devo", "ds_user", "subscription")
SIXTH = "ledger"
LOOKING = re.compile("every|imports|no_other_groups|group_of_all|target_runs|one_for_each")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out all others, unless -k says which."""
    cases = {
        word: {item.nodeid.partition("[")[0] for item in items if word in _case(item)} for word in (*OTHERS, SIXTH)
    }
    without = set.intersection(*(cases[word] for word in OTHERS)) - cases[SIXTH]
    if without:
        raise pytest.UsageError(f"no case of {SIXTH} in {sorted(without)}")
    if not config.getoption("keyword"):
        others = [item for item in items if not _is_wanted(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def _case(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[2]


def _is_wanted(item: pytest.Item) -> bool:
    return SIXTH in item.nodeid if _case(item) else bool(SIXTH in item.nodeid or LOOKING.search(item.name))
