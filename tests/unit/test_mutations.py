# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeded faults of `make mutations` are still faults of this code: each fits, compiles, and changes something."""

from __future__ import annotations

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
