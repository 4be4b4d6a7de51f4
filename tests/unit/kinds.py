# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of object, by the name of the module for one object: KIND of the files in lives/."""

from __future__ import annotations

import importlib

from unit.every_life import LIVES
from unit.kind import Kind

KINDS: dict[str, Kind] = {name: importlib.import_module(f"unit.lives.{name}").KIND for name in LIVES}
