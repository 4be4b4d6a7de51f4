# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every run, whatever it was answered."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import KINDS as FAILURES
from hostile.scenes import Stage

# A terminal obeys these, wherever in a result they are.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def identities(result: dict[str, Any]) -> set[tuple[str, str]]:
    """What a run removes and creates, or plans to."""
    return {(change["action"], change["key"]) for change in result.get("changes", ()) if change["action"] != "update"}


def look_at(result: dict[str, Any], stage: Stage, told: str) -> None:
    """No bug, no secret, nothing that steers a terminal; a failure has a kind. `told` is said where that is not so."""
    text = json.dumps(result)
    assert "internal error" not in text, told
    assert "Traceback" not in text, told
    assert stage.redactor.text(text) == text, told
    assert not UNSAFE.search(json.dumps(result, ensure_ascii=False)), told
    assert all(line.isprintable() for line in (*result["warnings"], result.get("msg", ""))), told
    if result.get("failed"):
        assert result["failure"]["kind"] in FAILURES, told
        assert result["msg"], told
