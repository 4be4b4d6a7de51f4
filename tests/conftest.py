# SPDX-License-Identifier: GPL-3.0-or-later
"""For all tests: the collection importable from a plain checkout, `--long`, and sums printed at the end."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tally"]

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="all tests, with ten times the cases, drawn anew in each run")
    parser.addoption("--cases", type=int, metavar="N", help="so many cases of each property at most")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the long run alone; pytest says how many."""
    left_out = [] if config.getoption("--long") else [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_configure(config: pytest.Config) -> None:
    # A case lasts as long as a few requests to the emulator, and none of them is slow by itself.
    slow = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
    # The same cases in every run: a change must not fail for what it did not touch.
    settings.register_profile("short", max_examples=200, derandomize=True, database=None, **slow)
    settings.register_profile("long", max_examples=2_000, print_blob=True, database=None, **slow)
    profile = "long" if config.getoption("--long") else "short"
    if cases := config.getoption("--cases"):
        settings.register_profile("chosen", settings.get_profile(profile), max_examples=cases)
        profile = "chosen"
    settings.load_profile(profile)
