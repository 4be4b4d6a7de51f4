# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of README.md that is made from the code."""

from __future__ import annotations

from .platforms import PLATFORMS


def switch_table() -> str:
    """Every switch of every platform as a Markdown table; the default is bold."""
    rows = ["| switch | values | stands for |", "|---|---|---|"]
    for name, platform in sorted(PLATFORMS.items()):
        for switch in platform.switches:
            values = (f"**`{each}`**" if each == switch.default else f"`{each}`" for each in switch.choices)
            rows.append(f"| `{name}.{switch.name}` | {' '.join(values)} | {switch.about} |")
    return "\n".join(rows)
