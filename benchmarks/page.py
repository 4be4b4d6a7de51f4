# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts what was measured into docs/performance.md."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.measure import Failed

DOCS = Path(__file__).resolve().parent.parent / "docs"
_BEGIN = "<!-- BEGIN figures -->\n"
_END = "<!-- END figures -->\n"


def write(promises: str, figures: str, picture: Path) -> None:
    """Replace the page's figures and its picture. Raises Failed where the page has no place for them."""
    page = DOCS / "performance.md"
    before, begin, rest = page.read_text().partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end:
        raise Failed(f"{page} lacks {_BEGIN.strip()} or {_END.strip()}")
    text = f"## What is promised\n{promises}\n\n## What was measured\n{figures}\n"
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}")
    shutil.copyfile(picture, DOCS / "images" / "performance.svg")
