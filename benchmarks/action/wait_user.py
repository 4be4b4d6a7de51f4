# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits as long as a server takes to answer, and does nothing: what Ansible itself takes for an item of a loop."""

from __future__ import annotations

import time
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Takes what ds_user takes; ``access_waits_ms``, a variable, has the milliseconds of each wait."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """A result that is as large as the user."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        for milliseconds in (task_vars or {})["access_waits_ms"]:
            time.sleep(milliseconds / 1000)
        return {**result, "changed": True, "user": dict(self._task.args)}
