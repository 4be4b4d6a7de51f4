# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw docs/images/demo.svg, a picture of a terminal, from what the demo printed: its commands and what they come to.

Usage: picture.py <OUTPUT_OF_THE_DEMO >docs/images/demo.svg
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from html import escape

# Of a whole apply, the tenants that show each sort of change.
TENANTS = ("datasentinel-eu", "dbsync-partner")
COLUMNS = 112
LINE, LEFT, TOP = 20, 20, 56
TITLE = (
    "The demo in a terminal: an apply that brings six tenants in line, a second one that changes nothing, and an audit"
)
COLOURS = {"+": "#7ee2a8", "~": "#ffd479", "-": "#ff9c8f", "$": "#8fc7ff"}
STYLE = """<style>
  text { font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e4e8eb; white-space: pre; }
</style>"""


class Missing(Exception):
    """The demo did not print what is to be shown."""


def chosen(output: str) -> list[str]:
    """The lines of the picture, out of everything that the demo printed. Raises Missing."""
    steps = re.split(r"^={20,}$", re.sub(r"\x1b\[[0-9;]*m", "", output), flags=re.MULTILINE)
    by_playbook: list[tuple[str, str, str]] = []
    for step in steps:
        command = re.search(r"^ +\$ (ansible-playbook .* dataops\.access\.(\w+)).*$", step, re.MULTILINE)
        if command:
            by_playbook.append((command[2], command[1], step[command.end() :]))
    if [name for name, _command, _said in by_playbook] != ["validate", "apply", "apply", "audit"]:
        raise Missing(f"the demo ran {[name for name, _command, _said in by_playbook]}")
    _validate, first, second, audit = by_playbook
    lines = [f"$ {first[1]}", _line(first[2], "Changed: ")]
    for tenant in TENANTS:
        lines += ["", *_block(first[2], f"{tenant} (")]
    lines += ["", f"$ {second[1]}", _line(second[2], "Changed: ")]
    lines += ["", f"$ {audit[1]}", _line(audit[2], "Access audit: "), "", *_block(audit[2], "  tenant ")]
    return [line if len(line) <= COLUMNS else line[: COLUMNS - 2] + " …" for line in lines]


def _line(said: str, begin: str) -> str:
    return _block(said, begin)[0]


def _block(said: str, begin: str) -> list[str]:
    """The lines from the one that begins so up to the next blank one."""
    lines = said.splitlines()
    place = next((number for number, line in enumerate(lines) if line.startswith(begin)), None)
    if place is None:
        raise Missing(f"no line begins with '{begin}'")
    return [line.rstrip() for line in lines[place : lines.index("", place)]]


def drawn(lines: Sequence[str]) -> Iterator[str]:
    """The picture, line by line."""
    width, height = LEFT * 2 + COLUMNS * 8, TOP + LINE * len(lines)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">'
    yield f'<title id="title">{TITLE}</title>'
    yield STYLE
    yield f'<rect width="{width}" height="{height}" rx="8" fill="#15191d"/>'
    for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        yield f'<circle cx="{LEFT + 4 + place * 20}" cy="20" r="6" fill="{colour}"/>'
    for number, line in enumerate(lines):
        if not line:
            continue
        colour = COLOURS.get(line.lstrip()[0], "")
        fill = f' style="fill:{colour}"' if colour else ""
        yield f'<text x="{LEFT}" y="{TOP + LINE * number}" xml:space="preserve"{fill}>{escape(line)}</text>'
    yield "</svg>"


def main() -> int:
    try:
        lines = chosen(sys.stdin.read())
    except Missing as problem:
        print(f"There is nothing to draw: {problem}", file=sys.stderr)
        return 1
    print("\n".join(drawn(lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
