# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin of every module that talks to a platform: on the controller itself, it runs without another process.

Everything before and after is ansible-core's own way to run a module. The module gets the same arguments as JSON and
gives its result as JSON, so that the task cannot tell where it ran. ``plugin_routing`` in meta/runtime.yml names it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible import constants
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.dataops.access.plugins.plugin_utils.in_process import ansible_core

# What leaves the choice of an interpreter to ansible-core.
_ANY_INTERPRETER = ("", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent")
# Variables that hold from a process's start on.
_FOR_A_NEW_PROCESS = ("PYTHON", "LD_", "OPENSSL_", "TZ")


@cache
def _module_run() -> ModuleType:
    """What runs modules here, loaded by the worker of the task.

    The worker shares the memory of the process that forked it, and ends soon. A search for garbage touches every object
    that was there before, and the system copies each page that is touched.
    """
    gc.freeze()
    return import_module("ansible_collections.dataops.access.plugins.plugin_utils.in_process.module_run")


class ActionModule(NormalAction):
    """Runs one module, here if nothing asks for another process."""

    # Whether this task's module runs here; then its name, and what it gets.
    _is_here = False
    _name = ""
    _environment: Mapping[str, str] = {}
    _payload: bytes | None = None

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the module."""
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        self._environment = {str(name): str(value) for name, value in environment.items()}
        self._is_here = self._may_run_here(task_vars or {})
        result: dict[str, Any] = super().run(tmp, task_vars)
        return result

    def _may_run_here(self, task_vars: dict[str, Any]) -> bool:
        return (
            _module_run().IS_POSSIBLE
            and self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and not any(name.startswith(_FOR_A_NEW_PROCESS) for name in self._environment)
            # There would be no file to keep.
            and not constants.DEFAULT_KEEP_REMOTE_FILES
            and boolean(self._templar.template(task_vars.get("access_in_process", True)), strict=False)
            and self._asks_for_this_interpreter(task_vars)
        )

    def _asks_for_this_interpreter(self, task_vars: dict[str, Any]) -> bool:
        delegate = self._task.delegate_to
        variables = task_vars["ansible_delegated_vars"][delegate] if delegate else task_vars
        # Not stripped, which would take away the trust that templating asks for.
        asked = self._templar.template(constants.config.get_config_value("INTERPRETER_PYTHON", variables=variables))
        path = str(asked or "").strip()
        return path in _ANY_INTERPRETER or _whereabouts(path) == _whereabouts(sys.executable)

    # --- instead of a process: parts of ActionBase._execute_module -------------------------------------------------

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        # Pipelining is the way without temporary files.
        return self._is_here or bool(super()._is_pipelining_enabled(module_style, wrap_async))

    def _configure_module(self, module_name: str, module_args: dict[str, Any], task_vars: dict[str, Any]) -> Any:
        if not self._is_here:
            return super()._configure_module(module_name, module_args, task_vars)
        found = self._shared_loader_obj.module_loader.find_plugin_with_context(
            module_name, ".py", collection_list=self._task.collections
        )
        self._name = found.plugin_resolved_name.rpartition(".")[2]
        self._payload, module = ansible_core.arguments(module_args, found.plugin_resolved_path)
        return module

    def _low_level_execute_command(self, cmd: str, *args: Any, **kwargs: Any) -> Any:
        payload: Any = kwargs.get("in_data")
        if payload is None or payload is not self._payload:
            return super()._low_level_execute_command(cmd, *args, **kwargs)
        self._payload = None
        ended = _module_run().run(self._name, payload, self._environment, self._loader.get_basedir())
        return {
            "rc": ended.code,
            "stdout": ended.stdout,
            "stdout_lines": ended.stdout.splitlines(),
            "stderr": ended.stderr,
            "stderr_lines": ended.stderr.splitlines(),
        }


@cache
def _whereabouts(path: str) -> tuple[Path, Path]:
    """Which interpreter a path leads to: the same program in another folder has other libraries."""
    return Path(path).resolve(), Path(path).parent.resolve()
