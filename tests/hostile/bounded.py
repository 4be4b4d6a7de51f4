# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads listings within a limit of memory, in a process of its own: `python -m hostile.bounded MEGABYTES URL …`."""

from __future__ import annotations

import json
import resource
import sys

from conftest import is_importable, register

if not is_importable():
    register()

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from unit.road import run_info  # the collection has to be importable first

if __name__ == "__main__":
    limit = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for url in sys.argv[2:]:
        print(json.dumps(run_info(DatasentinelUsers, {}, {"api_url": url, "api_token": "opaque", "api_retries": 0})))
