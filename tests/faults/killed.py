# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's process that is killed while one of its requests is under way."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emulator.server import Emulator

ROOT = Path(__file__).resolve().parents[2]
# Seconds; a process that has not asked by then never will.
_PATIENCE = 60.0


@contextmanager
def _process(module: str, params: Mapping[str, Any], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The module at work, its collection importable from below ``folder``."""
    collection = folder / "ansible_collections" / "dataops" / "access"
    if not collection.is_symlink():
        collection.parent.mkdir(parents=True)
        collection.symlink_to(ROOT)
    process = subprocess.Popen(  # noqa: S603 - the interpreter of this test, and a file beside it
        [sys.executable, str(Path(__file__).parent / "module_process.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={"PYTHONPATH": str(folder), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"module": module, "params": params}).encode())
        process.stdin.close()
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def kill_at(
    emulator: Emulator, request: Mapping[str, Any], module: str, params: Mapping[str, Any], folder: Path
) -> list[dict[str, Any]]:
    """Run the module, and kill it with SIGKILL once that request was carried out and before it is answered.

    ``request``: which one, as a fault has it. Returns what was asked.
    """
    since = len(emulator.requests())
    emulator.faults([{**request, "fault": {"kind": "delay", "seconds": 10 * _PATIENCE}}])
    with _process(module, params, folder) as process:
        end = time.monotonic() + _PATIENCE
        while not any(asked["fault"] for asked in emulator.requests(since=since)):
            left = process.stdout.read() if process.poll() is not None and process.stdout else b""
            assert process.poll() is None, f"{module} ended by itself: {left.decode()}"
            assert time.monotonic() < end, f"{module} never came to {request}"
            time.sleep(0.01)  # until the next look
        process.kill()
        process.wait()
    emulator.faults([])
    return emulator.requests(since=since)
