# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection's own actions have in common: they run on the controller, and fail as the modules do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import play


class ControllerAction(ActionBase):  # type: ignore[misc]  # ansible-core ships no types
    """An action with checked options. ``SPEC``: its argument spec; ``RULES``: what holds between options."""

    TRANSFERS_FILES = False
    SPEC: ClassVar[Mapping[str, Any]]
    RULES: ClassVar[Mapping[str, Any]] = {}

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Check the options, do the work, and report an AccessError, and a wrong option, as modules report it."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        try:
            return {**result, "changed": False, **self.work(self._options(), task_vars or {})}
        except AccessError as problem:
            return {**result, "failed": True, "msg": problem.message, "failure": problem.failure()}

    def is_check_run(self, task_vars: Mapping[str, Any]) -> bool:
        """Whether the run only plans: because of ``--check``, or of ``check_mode`` on this task or what it is part of.

        A task with ``check_mode: false`` under ``--check`` still tells of a run that only planned.
        """
        # The variable knows the command line alone, and the task nothing of it once it is exempted.
        return bool(self._task.check_mode or task_vars.get("ansible_check_mode"))

    def run_facts(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Who runs this, when, as which job, with which versions; see `play.run_facts`."""
        return play.run_facts(task_vars, self.is_check_run(task_vars))

    def _options(self) -> dict[str, Any]:
        try:
            _spec, options = self.validate_argument_spec(argument_spec=dict(self.SPEC), **self.RULES)
        except AnsibleActionFail as problem:
            raise ValidationError(unknown_names.in_message(str(problem))) from None
        return dict(options)

    @abstractmethod
    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """What the action returns beside ``changed``, which is false unless it says otherwise. Raises AccessError."""


class OnceAction(ControllerAction):
    """One that runs once for all hosts of the play, those included whose role failed."""

    BYPASS_HOST_LOOP = True
