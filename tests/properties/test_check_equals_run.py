# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode equals the run, for every kind of object, from any state to any declaration."""

from __future__ import annotations

import importlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.http import retry
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import SERVICES
from emulator.server import Emulator
from properties.kind import Case, Kind
from properties.proof import Proof

KINDS: dict[str, Kind] = {
    path.stem: importlib.import_module(f"properties.kinds.{path.stem}").KIND
    for path in sorted((Path(__file__).parent / "kinds").glob("[a-z]*.py"))
}
# In one of so many cases the requests are held against the vendors' documents, which takes as long as the case itself.
CONTRACT_EACH = 20


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def test_every_kind_that_is_written_has_its_cases() -> None:
    assert {kind.service for kind in KINDS.values()} == set(SERVICES.values())


@pytest.mark.parametrize("name", KINDS)
def test_check_mode_equals_the_run(
    name: str,
    emulator: Emulator,
    tally: Callable[[str, str, int], None],
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.setattr(retry, "backoff", lambda attempt: 0.0)
    kind = KINDS[name]
    long = pytestconfig.getoption("long")
    outcomes: Counter[str] = Counter()

    @given(kind.cases(), st.integers(1, CONTRACT_EACH))
    def check(case: Case, number: int) -> None:
        with tempfile.TemporaryDirectory() as directory:
            proof = Proof(kind, case, emulator, Path(directory))
            outcomes[proof.prove(alone=len(case.entries) if long else 2, contract=number == CONTRACT_EACH)] += 1

    check()
    tally("cases", f"{name}: check mode equals the run", outcomes.total())
    for outcome, number in outcomes.items():
        tally("cases", f"{name}: check mode equals the run: {outcome}", number)
