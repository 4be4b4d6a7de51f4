# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in this process and keeps everything that it says, whatever the way."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from unit import road


@dataclass(frozen=True)
class Said:
    """What a module said: its result, what it logged, what went to standard output and standard error."""

    result: dict[str, Any]
    logged: list[str]
    printed: str

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join([json.dumps(self.result, ensure_ascii=False), *self.logged, self.printed])


def run(start: Callable[[], None], params: Mapping[str, Any], check: bool = False) -> Said:
    """What the module that ``start`` runs says for these parameters."""
    logged: list[str] = []
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        result = road.run(start, params, check, logged=logged)
    return Said(result, logged, printed.getvalue())
