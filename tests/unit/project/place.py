# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the example project's jobs run: emulated tenants full of canaries, and the credentials of the controller."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from emulation import NO_VARIABLE
from emulator.server import Emulator
from leaks import tenants
from leaks.search import Canaries
from unit.awx.configured import credential_types
from unit.awx.engine import injected
from unit.controller.example import EXAMPLE
from unit.handover.servers import Awx, running
from unit.project.job import LONGEST_RESULT, Engine, Job

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")


class Place:
    """The project's tenants, with a canary for every secret, and a controller that keeps renewed tokens."""

    def __init__(self, emulator: Emulator, start: Any, canaries: Canaries, controller: Awx, engine: Engine) -> None:
        self.emulator = emulator
        self.canaries = canaries
        self.controller = controller
        self.engine = engine
        self._start = start
        self._files = engine.folder / "files"
        self._files.mkdir()
        self.environment = {
            **self.credential("tenants", tenants=json.dumps({host: self.options(host) for host in engine.hosts})),
            # As the controller's own type of credential does it.
            "CONTROLLER_HOST": controller.url,
            "CONTROLLER_OAUTH_TOKEN": controller.token,
        }

    def options(self, host: str) -> dict[str, str]:
        """The connection options of a tenant."""
        return {name: value for name, value in self.emulator.connections[host].items() if name not in NO_VARIABLE}

    def credential(self, credential_type: str, **inputs: Any) -> dict[str, str]:
        """The environment of a job that has a credential of this type."""
        return dict(injected(credential_types()[credential_type], inputs, self._files).env)

    def reset(self) -> None:
        """The tenants are as they were at the start."""
        self.emulator.reset(state=self._start)

    def run(
        self,
        playbook: str,
        *,
        slices: int = 1,
        check: bool = False,
        environment: Mapping[str, str] | None = None,
        **extra_vars: Any,
    ) -> list[Job]:
        """Run it, and look at what every job leaves."""
        since = len(self.emulator.requests())
        given = self.environment if environment is None else environment
        jobs = self.engine.run(playbook, given, slices=slices, check=check, **extra_vars)
        tenants.made_by(self.emulator, self.canaries)
        for job in jobs:
            self._check(job)
        assert not (check and self.emulator.writes(since=since))
        return jobs

    def _check(self, job: Job) -> None:
        assert job.events, job.output
        assert job.events[-1]["event"] == "playbook_on_stats", job.output[-3000:]
        # Of a result that is too long nothing is left.
        assert all(res for _task, res in job.results)
        assert max(len(json.dumps(res)) for _task, res in job.results) < LONGEST_RESULT
        texts = {**dict(job.left()), "output": job.output}
        # ansible-runner writes the environment down; the controller masks in it what its credentials put there.
        leaks = {name: self.canaries.found(text) for name, text in texts.items() if not name.endswith("/command")}
        assert {name: found for name, found in leaks.items() if found} == {}

    def states(self) -> dict[str, Any]:
        """What the tenants hold, but for what differs from run to run."""
        return {host: _steady(self.emulator.state(host)) for host in self.engine.hosts}


def _steady(state: Any) -> Any:
    """Without secrets, which may have been made, and without moments."""
    if isinstance(state, Mapping):
        return {
            key: _steady(value)
            for key, value in state.items()
            if key not in tenants.SECRET and not MOMENT.match(str(value))
        }
    return [_steady(each) for each in state] if isinstance(state, list) else state


@contextmanager
def place_in(folder: Path, only: Collection[str] | None = None) -> Iterator[Place]:
    """``only``: the inventory has these tenants alone."""
    canaries = Canaries()
    start = tenants.planted(yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text()), canaries)
    (collector,) = (each for each in start["devo-eu"]["domains"][0]["tokens"] if each["name"] == "collector")
    collector["expires_in_seconds"] = 90 * 86400
    inputs = {"url": "https://api-eu.devo.com", "devo_api_token": "old"}
    controller = Awx(
        token=canaries.chosen("token of the controller"),
        credentials={12: {"name": "Devo collector", "inputs": inputs}},
        secret_inputs=("devo_api_token",),
    )
    with Emulator(start) as emulator, running(controller):
        yield Place(emulator, start, canaries, controller, Engine(folder, only=only))
