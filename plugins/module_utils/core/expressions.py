# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular expressions that a user gives: named when they are wrong, interrupted when they take too long."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError

# How long all expressions of an option together may take, in seconds.
SECONDS = 5.0


def compiled(option: str, expression: str) -> re.Pattern[str]:
    """A case-insensitive expression. Raises ValidationError naming the option and what is no regular expression."""
    try:
        return re.compile(expression, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValidationError(f"{option}: '{expression}' is not a regular expression ({error})") from None


@contextmanager
def within(option: str, seconds: float | None = None) -> Iterator[None]:
    """Interrupt what runs longer than ``seconds`` (default `SECONDS`): an expression can take for ever.

    Only a signal stops the engine. Raises AccessError naming the option.
    """
    seconds = SECONDS if seconds is None else seconds
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise AccessError(
            f"{option}: the expressions took longer than {seconds:g} seconds; write simpler ones", kind="timeout"
        )

    before = signal.signal(signal.SIGALRM, stop)
    start = time.monotonic()
    left, _interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            # The time of an Ansible task runs in the same process: its alarm rings as it would have.
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (time.monotonic() - start)))
