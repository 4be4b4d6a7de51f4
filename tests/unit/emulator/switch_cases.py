# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of switches, so that no switch and no value of one goes untested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from emulator.platform import Platform


class SwitchCases:
    """Parametrizes tests by all values of a switch, and knows which switches have no test.

    A test gets `switches` (to be set before it) and `expected` (what it is to see with them).
    """

    def __init__(self, platform: type[Platform]) -> None:
        self.platform = platform.name
        self.choices = {switch.name: switch.choices for switch in platform.switches}
        self.tested: set[str] = set()

    def __call__(self, switch: str, expected: Mapping[str, Any]) -> pytest.MarkDecorator:
        if set(expected) != set(self.choices[switch]):
            raise ValueError(f"{switch}: the values are {self.choices[switch]}, not {tuple(expected)}")
        self.tested.add(switch)
        cases = [
            pytest.param({f"{self.platform}.{switch}": value}, result, id=f"{switch}={value}")
            for value, result in expected.items()
        ]
        return pytest.mark.parametrize(("switches", "expected"), cases)

    def untested(self) -> set[str]:
        return set(self.choices) - self.tested
