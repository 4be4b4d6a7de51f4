# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages in docs/errors.md: what the modules print, as tests/faults/messages.py brings it about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from faults.messages import NEVER, told

from .text import cell, fill_regions

PATH = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
# A region is called "messages of KIND".
_OF = "messages of "


def documents() -> Iterator[tuple[Path, str, str]]:
    """The file, its text as it is and as it should be."""
    text = PATH.read_text()
    yield PATH, text, fill_regions(text, lambda what, indent: f"\n{_messages(what.removeprefix(_OF))}\n")


def _messages(kind: str) -> str:
    rows = ["| platform | when | message |", "| --- | --- | --- |"]
    rows += [
        f"| {one.title} | {case.when} | {cell(one.message)} |" for case, one in told().items() if case.kind == kind
    ]
    titles = {case.module: one.title for case, one in told().items()}
    rows += [f"| {titles[name]} | never | {reason} |" for (name, never), reason in NEVER.items() if never == kind]
    return "".join(f"{row}\n" for row in rows)
