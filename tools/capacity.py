# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what docs/capacity.md reckons with: an audit by ansible-runner of emulated tenants, on this machine.

Run it as `PYTHONPATH=tests:tools python tools/capacity.py 1x0 10x0 1x5000` (tenants x users of each), in the
environment that `make units` installs.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from emulation import write_tenants_file
from emulator.server import Emulator
from unit.project.job import Engine, Job


def tenants(number: int, users: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The emulator's state, and the inventory that declares all of it."""
    held = [
        {"email": f"user-{place:06}@example.com", "privilege": "read", "profile": "developer", "roles": ["billing"]}
        for place in range(users)
    ]
    hosts = [f"tenant-{place:05}" for place in range(number)]
    state = {host: {"platform": "datasentinel", "users": held} for host in hosts}
    variables = {host: {"access_platform": "datasentinel", "datasentinel_users": held} for host in hosts}
    return state, {"all": {"hosts": hosts}, "_meta": {"hostvars": variables}}


def measured(number: int, users: int, folder: Path) -> str:
    """One line of the table."""
    state, inventory = tenants(number, users)
    with Emulator(state) as emulator:
        file = folder / "tenants.json"
        write_tenants_file(file, {host: emulator.connections[host] for host in state})
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        (job,) = Engine(folder, inventory).run("audit", {"ACCESS_TENANTS_FILE": str(file)})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        requests = len(emulator.requests())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report = (job.reports / "report.json").stat().st_size
    return (
        f"{number:7} {users:7} {cpu:8.1f} {after.ru_maxrss / 1024:8.0f} {requests / number:9.1f} {report / 1e6:10.2f} "
        f"{largest(job) / 1e6:10.2f} {stored(job) / 1e6:10.2f}"
    )


def largest(job: Job) -> int:
    """The longest result of a task, in characters. A controller keeps none of more than 700,000."""
    return max(len(json.dumps(result)) for _task, result in job.results)


def stored(job: Job) -> int:
    """What the events come to, in characters."""
    return sum(len(json.dumps(event)) for event in job.events)


def main(arguments: list[str]) -> None:
    print("tenants   users    CPU s   MiB max  requests  report MB  result MB  events MB")
    for argument in arguments:
        number, users = map(int, argument.split("x"))
        with tempfile.TemporaryDirectory() as folder:
            print(measured(number, users, Path(folder)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
