# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example that is a task or a playbook is run against the emulator; in the long run in check mode too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from contract.check import violations
from emulator.server import Emulator
from unit.controller.playbook import Controller

from .collector import collected
from .stage import Scene, Stage, scenes, world
from .verdict import problems


class Taker(BaseHTTPRequestHandler):
    """A server that takes whatever is put: what somebody else's program would be."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def collector() -> Iterator[str]:
    """The address of the program that docs/rotate-tokens.md hands a token to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def part(plugins: bool) -> list[Scene]:
    return [scene for scene in scenes(collected()) if scene.example.file.startswith("plugins/") == plugins]


@pytest.mark.parametrize("once", [True, pytest.param(False, marks=pytest.mark.long)], ids=["once", "checked"])
@pytest.mark.parametrize("plugins", [True, False], ids=["plugins", "pages"])
def test_every_task_runs(plugins: bool, once: bool, tmp_path: Path, collector: str, tally: Callable[..., None]) -> None:
    found = part(plugins)
    tenants = {name: spec for scene in found for name, spec in world(scene.host, scene.given.get("world")).items()}
    controller = Controller(tmp_path)
    with Emulator(tenants) as emulator:
        stage = Stage(tmp_path, emulator.connections, {"https://collector.example.com": collector}, once)
        stage.write(found)
        run = controller.play("examples.yml", collection="")
        wrong = [*problems(run, found)]
        assert wrong == [], "\n\n".join(wrong)
        assert run.code == 0, run.output
        assert emulator.complaints() == []
        assert violations(emulator.requests(full=True)) == []
    for scene in found if once else ():
        tally("examples, run against the emulator", f"{scene.kind} of {'plugins' if plugins else 'pages'}", 1)
