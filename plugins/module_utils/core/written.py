# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody can mean who writes it down, though YAML and JSON allow it: a name that stands twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names


class Unfit(ValueError):
    """A text that is YAML or JSON, and is not taken. What it says holds no value of the text."""


def repeated(name: str) -> str:
    """What is wrong with a mapping that holds ``name`` twice: readers take the last one, and never say so."""
    return f"'{unknown_names.first(name)}' stands twice in one mapping; keep one of them"


def mapping(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, as ``object_pairs_hook`` makes it. Raises Unfit."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unfit(repeated(name))
        found[name] = value
    return found
