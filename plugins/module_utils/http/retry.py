# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be repeated, how often, and how long to wait. urllib3 reads ``Retry-After``."""

from __future__ import annotations

import random
from collections.abc import Mapping

try:
    from urllib3.exceptions import HTTPError
    from urllib3.util.retry import Retry
except ImportError:
    pass  # comes with requests, whose absence the runner reports

# A read that was answered so may be sent again.
READ_AGAIN = frozenset({429, 500, 502, 503, 504})
# 429 says that nothing was done, so a write may be sent again as well.
NOT_DONE = 429

# The server has more to do than it can.
TOO_MUCH = frozenset({429, 503})

# Nobody waits longer for one answer's Retry-After, whatever the server asks.
LONGEST_WAIT = 300.0
_FIRST_WAIT = 0.3
_LONGEST_BACKOFF = 30.0


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks for (a number or a date); None when absent or unreadable."""
    value = headers.get("Retry-After")
    if not value:
        return None
    try:
        seconds = Retry().parse_retry_after(value)
    except (HTTPError, ValueError, OverflowError, TypeError):
        return None
    return max(0.0, float(seconds))


def backoff(attempt: int) -> float:
    """Seconds before the ``attempt``-th repetition (from 1): doubling, with jitter so that threads spread out."""
    longest: float = min(_LONGEST_BACKOFF, _FIRST_WAIT * 2 ** min(attempt - 1, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, protects nothing
