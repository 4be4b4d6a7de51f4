# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeded faults of `make mutations` are still faults of this code: each fits, compiles, and changes something."""

from __future__ import annotations

import re

import pytest

import mutations

FAULTS = mutations.faults()


def test_there_are_enough_and_none_twice() -> None:
    assert len(FAULTS) >= 60
    assert len({(fault.file, fault.what) for fault in FAULTS}) == len(FAULTS)
    assert sum(1 for fault in FAULTS if fault.survives) <= (1 - mutations.ENOUGH) * len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.what}")
def test_a_fault_fits(fault: mutations.Fault) -> None:
    before = fault.source(mutations.ROOT).read_text()
    seeded = fault.seeded(before)
    assert seeded != before
    compile(seeded, fault.file, "exec")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.what}")
def test_a_fault_has_a_test_that_is_there_for_it_or_a_reason(fault: mutations.Fault) -> None:
    assert (fault.noticed_by is None) != (fault.survives is None)
    if fault.noticed_by is not None:
        file, _colons, test = fault.noticed_by.partition("::")
        text = (mutations.ROOT / file).read_text()
        assert not test or re.search(rf"^def {re.escape(test.partition('[')[0])}\(", text, re.MULTILINE)
