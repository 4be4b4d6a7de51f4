# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the inventory declares an object: the file and line that mention it. A hint for people, never a decision."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

# Larger files are data, not declarations that a person wrote.
_LARGEST = 2_000_000
_SUFFIXES = ("", ".yml", ".yaml", ".json", ".ini")


def candidates(host: str, groups: Iterable[str], inventory: Iterable[str], places: Iterable[str]) -> Iterator[Path]:
    """Files that may declare something for ``host``, the most special first.

    ``inventory``: the inventory's own files; ``places``: folders that hold ``host_vars`` and ``group_vars``.
    """
    folders = [Path(place) for place in places if place]
    for kind, names in (("host_vars", [host]), ("group_vars", list(groups))):
        for folder in folders:
            for name in names:
                yield from _of(folder / kind, name)
    for file in inventory:
        if file and Path(file).is_file():
            yield Path(file)


def _of(folder: Path, name: str) -> Iterator[Path]:
    for suffix in _SUFFIXES:
        path = folder / f"{name}{suffix}"
        if path.is_file():
            yield path
    if (folder / name).is_dir():
        yield from sorted(path for path in (folder / name).rglob("*") if path.is_file() and path.suffix in _SUFFIXES)


class Declarations:
    """What one tenant's files say of it."""

    def __init__(self, host: str, files: Iterable[Path], root: Path) -> None:
        self._parts = [_Part(_relative(path, root), _text(path), host) for path in files]

    def find(self, names: Iterable[str]) -> dict[str, Any] | None:
        """``{file, line}`` of the first line with one of ``names`` as a word of its own."""
        words = [name.lower() for name in names if name]
        for part in self._parts:
            lines = (part.line_of(word) for word in words)
            found = next((line for line in lines if line is not None), None)
            if found is not None:
                return {"file": part.name, "line": found}
        return None

    def locate(self, names: Iterable[str]) -> dict[str, Any] | None:
        """The same, else the line of the host itself."""
        return self.find(names) or next(
            ({"file": part.name, "line": part.first} for part in self._parts if part.names_host), None
        )


class _Part:
    """What stands in one file about one host."""

    def __init__(self, name: str, text: str, host: str) -> None:
        self.name = name
        heading = re.search(rf"^[ \t]*[\"']?{re.escape(host)}[\"']?[ \t]*(?::|[ \t]|$)", text, re.MULTILINE)
        self.names_host = heading is not None
        start = heading.start() if heading else 0
        # A file that does not name the host is about this host alone.
        self.first = text.count("\n", 0, start) + 1
        self._text = (_section(text[start:]) if heading else text).lower()
        self._ends = [place for place, character in enumerate(self._text) if character == "\n"]

    def line_of(self, word: str) -> int | None:
        """The number of the first line that holds the word, in lower case, as a whole."""
        place = self._text.find(word)
        while place >= 0:
            end = place + len(word)
            if not (_is_part(self._text[place - 1 : place]) or _is_part(self._text[end : end + 1])):
                return self.first + bisect.bisect_left(self._ends, place)
            place = self._text.find(word, place + 1)
        return None


def _section(text: str) -> str:
    """The first line and those that are indented further."""
    head, *rest = text.splitlines(keepends=True)
    indent = _indent(head)
    kept = [head]
    for line in rest:
        if line.strip() and not line.lstrip().startswith("#") and _indent(line) <= indent:
            break
        kept.append(line)
    return "".join(kept)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_part(character: str) -> bool:
    return character.isalnum() or (character != "" and character in "_.@+-")


def _relative(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.name


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= _LARGEST else ""
    except (OSError, UnicodeDecodeError):
        text = ""
    return "" if text.startswith("$ANSIBLE_VAULT;") else text


def project_root(start: str) -> Path:
    """The folder of the repository that ``start`` is in; itself where there is none."""
    path = Path(start).resolve()
    return next((folder for folder in (path, *path.parents) if (folder / ".git").exists()), path)


def located(record: Mapping[str, Any], declarations: Declarations) -> dict[str, Any]:
    """The tenant's record with the location of each finding."""
    findings = [{**item, "location": declarations.locate(_names(item))} for item in record["findings"]]
    return {**record, "findings": findings}


def _names(item: Mapping[str, Any]) -> list[str]:
    """What the declaration of a finding's object may be called: the key, its last part, the people."""
    return [item["key"], item["key"].rpartition("/")[2], *item["people"]]
