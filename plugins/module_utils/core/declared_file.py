# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declared list from a file, for sets that are too large for a task argument."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.written import Unfit, mapping

# Deeper than any list of options: what goes through it by recursion has to come to its end.
_DEEPEST = 100


@dataclass(frozen=True)
class Source:
    """Where a declared list stands, for messages. ``option``: users, or users_file with the file's ``path``."""

    option: str
    path: str = ""

    def entry(self, place: int) -> str:
        """How a message about one entry begins. ``place``: from 0."""
        return (
            f"{self.option}: entry {place + 1} of {self.path}: "
            if self.path
            else f"entry {place + 1} of {self.option}: "
        )

    def whole(self) -> str:
        """How a message about several entries begins."""
        return f"{self.option}: {self.path}: " if self.path else ""


def read_list(path: str, option: str) -> list[Any]:
    """The list in a JSON or YAML file. Raises ValidationError naming ``option`` and the file."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            # Reading a pipe or a device may never end.
            raise ValidationError(f"{option}: {path} is no ordinary file")
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else None
        reason = reason or "it is not UTF-8, or its name is none"
        if not path.startswith("/"):
            reason += f"; a relative path begins in {Path.cwd()}"
        raise ValidationError(f"{option}: {path} cannot be read: {reason}") from None
    data = _parse(text, path, option)
    if not isinstance(data, list):
        raise ValidationError(f"{option}: {path} must hold a list of entries, and holds a {type(data).__name__}")
    for place, entry in enumerate(data):
        if not isinstance(entry, dict):
            raise ValidationError(f"{option}: entry {place + 1} of {path} is no mapping of options")
        if not all(isinstance(key, str) for key in entry):
            raise ValidationError(f"{option}: entry {place + 1} of {path} has an option whose name is no text")
    return data


def _parse(text: str, path: str, option: str) -> Any:
    if path.endswith(".json"):
        return _parse_json(text, path, option, "")
    # Only here: PyYAML takes its time to load.
    from ansible_collections.dataops.access.plugins.module_utils.core import declared_yaml

    if not declared_yaml.HAS_YAML:
        return _parse_json(text, path, option, "; reading YAML needs PyYAML on this host")
    try:
        return declared_yaml.load(text)
    except Unfit as problem:
        raise ValidationError(f"{option}: {path}: {problem}") from None
    except declared_yaml.ERRORS as problem:
        where = getattr(problem, "problem_mark", None)
        line = f" in line {where.line + 1}" if where else ""
        raise ValidationError(f"{option}: {path} is no YAML: error{line}") from None


def _parse_json(text: str, path: str, option: str, hint: str) -> Any:
    try:
        data = json.loads(text, object_pairs_hook=mapping)
        if _is_deeper(data, _DEEPEST):
            raise RecursionError("too many brackets inside of each other")
    except Unfit as problem:
        raise ValidationError(f"{option}: {path}: {problem}") from None
    except (ValueError, RecursionError) as problem:
        raise ValidationError(f"{option}: {path} is no JSON: {problem}{hint}") from None
    return data


def _is_deeper(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth == 0 or any(isinstance(item, (dict, list)) and _is_deeper(item, depth - 1) for item in inner)
