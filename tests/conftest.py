# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes `ansible_collections.dataops.access` importable from a plain checkout, whatever directory that lies in."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
NAME = "ansible_collections.dataops.access"


def is_importable() -> bool:
    """Whether the name already leads here: in ansible-test, or where the checkout lies on a collection path."""
    if NAME in sys.modules:
        return True
    try:
        spec = importlib.util.find_spec(NAME)
    except ModuleNotFoundError:
        return False
    return spec is not None and any(Path(path).resolve() == ROOT for path in spec.submodule_search_locations or ())


def register() -> None:
    parent = None
    parts = NAME.split(".")
    for depth, part in enumerate(parts, start=1):
        name = ".".join(parts[:depth])
        module = sys.modules.setdefault(name, ModuleType(name))
        module.__path__ = [str(ROOT)] if name == NAME else []
        if parent is not None:
            setattr(parent, part, module)
        parent = module


if not is_importable():
    register()
