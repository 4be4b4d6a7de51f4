# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module of the collection that asks a platform, found in plugins/modules: what it runs, and its options."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Platform

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"run_one": "one", "run_many": "many", "run_info": "info"}


@dataclass(frozen=True)
class Module:
    """One module; ``kind``: one, many or info."""

    name: str
    kind: str
    service: type[Reader]
    start: Callable[[], None]

    @property
    def platform(self) -> Platform:
        """How its platform is reached."""
        platform: Platform = self.service.platform
        return platform

    @property
    def spec(self) -> dict[str, Any]:
        """Its argument spec."""
        spec: dict[str, Any] = getattr(runner, f"{self.kind}_spec")(self.service)
        return spec


def _found() -> Iterator[Module]:
    # What an action plugin stands in for has no code of its own.
    actions = {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")}
    for path in sorted((ROOT / "plugins" / "modules").glob("[a-z]*.py")):
        if path.stem in actions:
            continue
        start = importlib.import_module(f"ansible_collections.dataops.access.plugins.modules.{path.stem}").main
        with mock.patch.multiple(runner, **dict.fromkeys(KINDS, mock.DEFAULT)) as runs:
            start()
        (kind, service), *others = [(KINDS[name], run.call_args.args[0]) for name, run in runs.items() if run.called]
        assert not others
        yield Module(path.stem, kind, service, start)


MODULES = {module.name: module for module in _found()}
