# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of all object kinds, by the name of the module for one object."""

from __future__ import annotations

import importlib
from pathlib import Path

from unit.life import Life

LIVES: dict[str, Life] = {
    path.stem: importlib.import_module(f"unit.lives.{path.stem}").LIFE
    for path in sorted((Path(__file__).parent / "lives").glob("[a-z]*.py"))
}
