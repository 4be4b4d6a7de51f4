# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing a module's own code costs, beyond requests and AnsibleModule."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from benchmarks.measure import Measured, command
from benchmarks.work import Site

_BASE = "import requests, ansible.module_utils.basic"
_MODULES = "ansible_collections.dataops.access.plugins.modules"
# Of each platform, the module with most code.
_NAMES = ("ds_users", "subscriptions", "dbsync_license_users", "devo_tokens", "devo_domain_users", "dqm_client_info")
# The fastest of so many counts.
_TIMES = 7


def _run(code: str, site: Site) -> Measured:
    root = site.ansible.environment["ANSIBLE_COLLECTIONS_PATH"]
    clock = f"import sys, time; sys.path.insert(0, {root!r})"
    script = f"{clock}; {_BASE}; began = time.process_time(); {code}; print(time.process_time() - began)"
    environment = {**site.ansible.environment, "PYTHONPATH": ""}
    log = site.ansible.folder / "output.log"
    every = []
    for _time in range(_TIMES):
        measured = command([sys.executable, "-c", script], environment, log)
        every.append(replace(measured, cpu=float(log.read_text())))
    return min(every, key=lambda one: one.cpu)


# The CPU time is that of the import alone.
RUNS: dict[str, Callable[[Site], Measured]] = {name: partial(_run, f"import {_MODULES}.{name}") for name in _NAMES}
