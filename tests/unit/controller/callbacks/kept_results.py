# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what tasks of this collection returned, one JSON object a line, in the file that KEPT_RESULTS names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: kept_results
type: notification
short_description: Keeps results for a test
description: [Writes what tasks of this collection returned into a file.]
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "kept_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._keep(result, failed=True)

    def _keep(self, result: Any, failed: bool) -> None:
        """``failed``: as the event says; before ansible-core 2.19 the result has lost it by now."""
        # As the task names it: what it resolves to may be the action plugin that all platform modules share.
        action = str(result._task.action)
        if not action.startswith("dataops.access.") or "censored" in result._result:
            return
        line = {"module": action.rpartition(".")[2], "failed": failed, "where": result._task.get_path()}
        with Path(os.environ["KEPT_RESULTS"]).open("a", encoding="utf-8") as file:
            for each in result._result.get("results", [result._result]):
                if "skip_reason" not in each:  # an item for which `when` was false
                    file.write(json.dumps({"result": each, **line}, default=str) + "\n")
