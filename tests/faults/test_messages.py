# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages say what somebody needs who reads them at night: which platform, what failed, and what to do next."""

from __future__ import annotations

import re

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import KINDS, NEXT
from documentation import errors
from faults.messages import CASES, NEVER, PLATFORMS, Case, told

# Kinds that only a platform's answer, or its silence, makes of a task.
FROM_OUTSIDE = ("auth", "permission", "not_found", "rate_limit", "timeout", "connection", "server", "unknown_outcome")


def test_every_kind_is_shown_on_every_platform() -> None:
    shown = {(case.module, case.kind) for case in CASES}
    assert shown | set(NEVER) >= {(name, kind) for name in PLATFORMS for kind in KINDS}
    assert not shown & set(NEVER)


def test_every_kind_is_explained() -> None:
    text = errors.PATH.read_text()
    assert re.findall(r"^## `(\w+)`$", text, re.MULTILINE) == list(KINDS)
    for kind in KINDS:
        section = text.partition(f"## `{kind}`\n")[2].partition("\n## ")[0]
        assert re.search(r"^What to do: \S", section, re.MULTILINE), kind
        assert f"BEGIN messages of {kind} " in section


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_message_can_be_understood(case: Case) -> None:
    one = told()[case]
    assert one.result["failed"]
    assert one.result["failure"]["kind"] == case.kind
    assert not (case.kind == "unknown_outcome" and one.result["failure"]["retryable"]), "somebody has to look first"
    facts, _mark, advice = one.message.partition(NEXT)
    if case.kind in FROM_OUTSIDE:
        assert one.title in facts, "it names the platform"
        assert advice, "it says what to do"
    assert NEXT not in advice, "it says so once, at its end"
    assert not re.search(r"  |\.\.|: :|;;|\n|None|Errno|127\.0\.0\.1|made-up-and-wrong", one.message)
    assert ("may or may not" in one.message) == (case.kind == "unknown_outcome")
    assert len(one.message) < 700
