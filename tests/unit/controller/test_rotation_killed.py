# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook and everything that it started are killed while a request is under way; the next run completes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.server import Emulator
from unit.controller.playbook import Controller
from unit.controller.test_rotate_tokens import DAY, HOUR, PUSH, devo, token, tokens
from unit.road import run_many

# Seconds; what has not asked by then never will.
PATIENCE = 120.0
FILE: dict[str, Any] = {"secret_file": "ci"}
TASKS: dict[str, Any] = {"handover": {"kind": "tasks", "file": "push.yml"}}
CREATION = {"method": "POST", "path": "/tokens$"}
OF_THE_SECRET = {"method": "GET", "path": "/tokens/4$", "call": 2}
CASES = {
    "file, new token": (FILE, CREATION),
    "file, old token disabled": (FILE, {"method": "PUT", "path": "/disable$"}),
    "file, old token renamed": (FILE, {"method": "PUT", "path": "/3/rename$"}),
    "file, new token renamed": (FILE, {"method": "PUT", "path": "/4/rename$"}),
    "tasks, new token": (TASKS, CREATION),
    "tasks, before they run": (TASKS, OF_THE_SECRET),
    "tasks, old token renamed": (TASKS, {"method": "PUT", "path": "/3/rename$"}),
    "tasks, old token disabled": (TASKS, {"method": "PUT", "path": "/disable$"}),
    "tasks, new token renamed": (TASKS, {"method": "PUT", "path": "/4/rename$"}),
    "tasks, old token deleted": (TASKS, {"method": "DELETE"}),
}
SHORT = ["file, old token disabled"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", list(CASES) if metafunc.config.getoption("long") else SHORT)


def family(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def kill_at(controller: Controller, vendors: Emulator, request: dict[str, Any]) -> None:
    """Run the playbook, and kill it once that request was carried out and before it is answered."""
    vendors.faults([{"call": 1, **request, "fault": {"kind": "delay", "seconds": 10 * PATIENCE}}])
    since = len(vendors.requests())
    program = Path(sys.executable).with_name("ansible-playbook")
    with (controller.folder / "killed").open("w+") as output:
        run = subprocess.Popen(  # noqa: S603 - the program of the interpreter that runs the tests
            [program, "-i", "inventory.yml", "dataops.access.rotate_tokens"],
            cwd=controller.folder,
            env=controller.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            end = time.monotonic() + PATIENCE
            while not any(asked["fault"] for asked in vendors.requests(since=since)):
                assert run.poll() is None, Path(output.name).read_text()
                assert time.monotonic() < end, f"it never came to {request}"
                time.sleep(0.02)  # until the next look
        finally:
            for pid in family(run.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            run.wait()
    vendors.faults([])


def made(vendors: Emulator) -> dict[str, Any]:
    """The token as ``apply`` makes it, and so much later that it has to be renewed."""
    given = vendors.connections["devo"]
    wanted = {name: value for name, value in token("ci").items() if name != "renew_before"}
    connection = {name: given[name] for name in ("api_url", "api_token")}
    assert run_many(DevoTokens, {"account": given["account"], "tokens": [wanted]}, connection)["changed"]
    vendors.clock_advance(DAY - HOUR + 60)
    return tokens(vendors)["ci"]


@pytest.mark.long
def test_a_killed_playbook_is_completed_by_the_next(
    tmp_path_factory: pytest.TempPathFactory, vendors: Emulator, case: str
) -> None:
    declared, request = CASES[case]
    controller = Controller(tmp_path_factory.mktemp("k"))
    place = controller.folder / ("ci" if declared is FILE else "pushed")
    (controller.folder / "push.yml").write_text(PUSH)
    chosen = {"secret_file": str(place)} if declared is FILE else declared
    controller.inventory(devo=devo(vendors, token("ci", **chosen)))
    old = made(vendors)
    place.write_text(old["token"] + "\n")
    kill_at(controller, vendors, request)
    held = place.read_text()
    assert [name for name, each in tokens(vendors).items() if each["active"] and each["token"] in held] != []

    done = controller.play("rotate_tokens")
    assert done.code == 0, done.output
    new = tokens(vendors)
    assert list(new) == ["ci"]
    assert new["ci"]["active"]
    assert new["ci"]["token"] != old["token"]
    assert new["ci"]["token"] in place.read_text()
    if case in SHORT:
        assert controller.changes()["counts"]["applied"] == 1
