# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing a module's own code costs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from benchmarks.measure import Measured, command
from benchmarks.work import Site

_BASE = "import requests, ansible.module_utils.basic"
_MODULES = "ansible_collections.dataops.access.plugins.modules"
# Of each platform, the module with most code.
_NAMES = ("ds_users", "subscriptions", "dbsync_license_users", "devo_tokens", "devo_domain_users", "dqm_client_info")
# Often enough that the interpreter's own start does not count.
_TIMES = 20


def _run(code: str, site: Site) -> Measured:
    root = site.ansible.environment["ANSIBLE_COLLECTIONS_PATH"]
    script = f"import sys; sys.path.insert(0, {root!r}); {_BASE}; {code}"
    environment = {**site.ansible.environment, "PYTHONPATH": ""}
    log = site.ansible.folder / "output.log"
    every = [command([sys.executable, "-c", script], environment, log) for _time in range(_TIMES)]
    fastest = min(every, key=lambda one: one.cpu)
    return Measured(min(one.wall for one in every), fastest.cpu, fastest.peak)


RUNS: dict[str, Callable[[Site], Measured]] = {
    "requests and AnsibleModule": partial(_run, "pass"),
    **{name: partial(_run, f"import {_MODULES}.{name}") for name in _NAMES},
}
