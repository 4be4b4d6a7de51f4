# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading YAML, by libyaml where it is."""

from __future__ import annotations

from typing import Any

# What :func:`load` raises for a text that is no YAML; errors of PyYAML may have a ``problem_mark``.
ERRORS: tuple[type[Exception], ...] = (ValueError, RecursionError)

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True
    ERRORS += (yaml.YAMLError,)
    # Without libyaml it takes six times as long.
    LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Deeper than any list of options. libyaml's loader goes down by recursion, and a file could end the process by it.
_DEEPEST = 100


def load(text: str) -> Any:
    """The data in a text. Raises ERRORS; to be called where HAS_YAML says so."""
    _check_depth(text)
    return yaml.load(text, LOADER)  # noqa: S506 - it is a safe one


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise RecursionError
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
