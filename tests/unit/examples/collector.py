# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example that is written down: the EXAMPLES of the plugins, and the fenced blocks of all pages."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Where pages are; what tools make lies elsewhere.
PAGES = (".", ".github", "awx", "docs", "examples", "extensions", "playbooks", "roles", "tests", "tools")
PLUGINS = ("action", "filter", "lookup", "modules", "test", "inventory", "callback", "connection")
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[A-Za-z][\w+-]*)?$")


@dataclass(frozen=True)
class Example:
    """`line` is that of the first line of `text` in `file`, which is a path below the repository's root."""

    file: str
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


def pages() -> list[Path]:
    """Every Markdown page of the repository."""
    found = set(ROOT.glob("*.md"))
    for folder in PAGES[1:]:
        found.update((ROOT / folder).rglob("*.md"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def blocks(file: str, text: str) -> Iterator[Example]:
    """The fenced blocks of a page. Raises ValueError for a fence that cannot be read: its example would not be seen."""
    opened: tuple[int, str, str] | None = None
    held: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        fence = _FENCE.match(line)
        if line.lstrip().startswith(("```", "~~~")) and not fence:
            raise ValueError(f"{file}:{number}: no fence that is known: {line!r}")
        if fence and opened is None:
            opened, held = (number + 1, fence["language"] or "", fence["indent"]), []
        elif fence and opened is not None:
            if fence["language"] or fence["indent"] != opened[2]:
                raise ValueError(f"{file}:{number}: this fence does not end the block that begins at {opened[0]}")
            yield Example(file, opened[0], opened[1], textwrap.dedent("\n".join(held)) + "\n")
            opened = None
        elif opened is not None:
            held.append(line)
    if opened is not None:
        raise ValueError(f"{file}:{opened[0]}: the block does not end")


def plugins() -> list[Path]:
    """Every plugin that has documentation of its own."""
    files = (path for kind in PLUGINS for path in (ROOT / "plugins" / kind).glob("*.py"))
    return sorted(path for path in files if "\nDOCUMENTATION = " in path.read_text())


def of_plugin(file: str, text: str) -> Iterator[Example]:
    """What its EXAMPLES say."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["EXAMPLES"]:
            # The literal begins with a line break.
            yield Example(file, node.value.lineno + 1, "yaml", str(ast.literal_eval(node.value)).lstrip("\n"))


def collected() -> list[Example]:
    """All of them, page by page, in their order."""
    found: list[Example] = []
    for path in plugins():
        found += of_plugin(str(path.relative_to(ROOT)), path.read_text())
    for path in pages():
        found += blocks(str(path.relative_to(ROOT)), path.read_text())
    return found
