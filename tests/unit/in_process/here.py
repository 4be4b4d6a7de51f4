# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules in the process of the tests, as a worker of Ansible runs the items of one loop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils import basic

from ansible_collections.dataops.access.plugins.plugin_utils.in_process import ansible_core, module_run
from emulator.server import Emulator


class Here:
    """One loop over modules of one platform."""

    def __init__(self, emulator: Emulator, folder: Path, platform: str = "datasentinel") -> None:
        self.emulator = emulator
        self.folder = folder
        self.connection = emulator.connections[platform]

    def run(
        self, options: Mapping[str, Any], name: str = "ds_user", check: bool = False, **environment: str
    ) -> dict[str, Any]:
        """The result of a module."""
        ended = self.end({**self.connection, **options}, name, check, **environment)
        result: dict[str, Any] = json.loads(ended.stdout)
        assert ended.code == int(result.get("failed", False))
        return result

    def end(
        self, options: Mapping[str, Any], name: str = "ds_user", check: bool = False, **environment: str
    ) -> module_run.Ended:
        """How a module ended."""
        internal = {"_ansible_check_mode": check, "_ansible_diff": True}
        if "inject_invocation" in basic.PASS_VARS:
            # Older versions do not know it, and always say how a module was called.
            internal["_ansible_inject_invocation"] = True
        payload, _module = ansible_core.arguments({**internal, **options}, f"{name}.py")
        return module_run.run(name, payload, environment, str(self.folder))

    def paths(self) -> list[str]:
        """What was asked since the last time."""
        asked = [request["path"] for request in self.emulator.requests()]
        self.emulator.reset()
        return asked
