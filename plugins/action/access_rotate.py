# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: the tokens of one account are renewed by their module, and their secrets handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils import play
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import ControllerAction
from ansible_collections.dataops.access.plugins.plugin_utils.handover import declaration
from ansible_collections.dataops.access.plugins.plugin_utils.handover.rotation import Progress, Rotation
from ansible_collections.dataops.access.plugins.plugin_utils.handover.targets import Targets


class ActionModule(ControllerAction):
    """Runs for each host. Secrets stay in this process: they are in no result, and in no variable of the play."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "account": {"type": "str", "required": True},
        "tokens": {"type": "list", "elements": "raw", "required": True, "no_log": False},
        "handover": {"type": "raw", "no_log": True},
        "connection": {"type": "dict", "required": True, "no_log": True},
        "everything": {"type": "bool", "default": False},
        "begun": {"type": "dict"},
        "refused": {"type": "dict", "default": {}},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Everything up to the tasks of the play; with ``begun``, what follows when they have run."""
        rotation = self._rotation(options, task_vars)
        begun = options["begun"]
        if begun is None:
            progress = rotation.begin(bool(self._task.check_mode))
            changed = progress.result()["changed"]
        else:
            progress = Progress(done=[begun["result"]], waiting=begun["waiting"])
            rotation.finish(progress, options["refused"])
            changed = any(done.get("changed") for done in progress.done[1:])
        told = progress.result()
        # The whole of it is shown by the call that begins.
        shown = {"diff": told["diff"]} if begun is None and "diff" in told else {}
        return {"changed": changed, **shown, "result": told, "waiting": progress.waiting}

    def _rotation(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> Rotation:
        around = declaration.Surroundings(
            str(task_vars["inventory_hostname"]), options["account"], play.folder_of_inventory(task_vars)
        )
        renewals, errors = declaration.read(options["tokens"], options["handover"], around)
        if errors:
            raise ValidationError("; ".join(errors))
        redactor = Redactor()

        def run(module: str, given: Mapping[str, Any], check: bool) -> Mapping[str, Any]:
            return self._run({**options["connection"], **given}, module, check, task_vars)

        targets = Targets(self._loader, redactor)
        return Rotation(options["account"], renewals, run, targets.of, redactor, options["everything"])

    def _run(self, options: dict[str, Any], module: str, check: bool, task_vars: dict[str, Any]) -> Mapping[str, Any]:
        """The module's result, in check mode or not."""
        whole = self._task.check_mode
        self._task.check_mode = bool(whole or check)
        try:
            done: dict[str, Any] = self._execute_module(
                module_name=f"dataops.access.{module}", module_args=options, task_vars=task_vars
            )
        finally:
            self._task.check_mode = whole
        return done
