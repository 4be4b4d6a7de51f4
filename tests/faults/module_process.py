# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in a process of its own, as ansible-core does: `{"module": name, "params": {…}}` as JSON on stdin."""

from __future__ import annotations

import importlib
import json
import sys

from ansible.module_utils import basic

if __name__ == "__main__":
    given = json.load(sys.stdin)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": given["params"]}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    importlib.import_module(f"ansible_collections.dataops.access.plugins.modules.{given['module']}").main()
