# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was written is read back; what reading tells decides about the token."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer

T = TypeVar("T")


class NotKept(AccessError):
    """The place was written, and does not hold what it should: it needs the old secret again."""


def read_back(reading: Callable[[], T]) -> T:
    """What is there after a write. Raises LostAnswer where it cannot be read: the write may have been fine."""
    try:
        return reading()
    except AccessError as problem:
        raise LostAnswer(f"It was written, and reading it back failed: {problem.message}") from None
