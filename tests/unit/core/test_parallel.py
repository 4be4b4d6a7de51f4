# SPDX-License-Identifier: GPL-3.0-or-later
"""Many reads at once: order, bound, and errors."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.parallel import each


@pytest.mark.parametrize("workers", [1, 3, 50])
def test_results_are_in_the_order_of_the_items(workers: int) -> None:
    assert each(lambda item: item * 2, range(20), workers) == [item * 2 for item in range(20)]


def test_so_many_at_a_time() -> None:
    meeting = threading.Barrier(3)

    def work(item: int) -> int:
        meeting.wait(10)  # passes only when three are at work at once
        return item

    assert each(work, range(6), 3) == list(range(6))


@pytest.mark.parametrize("workers", [1, 4])
def test_the_first_items_error_is_raised(workers: int) -> None:
    def work(item: int) -> int:
        raise ValueError(str(item))

    with pytest.raises(ValueError, match="^0$"):
        each(work, range(8), workers)


def test_nothing_to_do() -> None:
    assert each(lambda item: item, [], 4) == []
