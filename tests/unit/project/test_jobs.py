# SPDX-License-Identifier: GPL-3.0-or-later
"""The wrapper playbooks of the example project, as jobs and as slices of jobs: the same is done, told and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulation import write_tenants_file
from emulator.server import Emulator
from leaks import tenants
from leaks.search import Canaries
from unit.controller.example import EXAMPLE
from unit.handover.servers import Awx, running
from unit.project.job import LONGEST_RESULT, PROJECT, Engine, Job

# What a report says of the run that made it, and not of the tenants.
OF_THE_RUN = {"run", "sha256", "merged", "previous"}
WRAPPERS = sorted(path.stem for path in PROJECT.glob("*.yml") if "import_playbook" in path.read_text())


class Place:
    """The project's tenants, with a canary for every secret, and a controller that keeps renewed tokens."""

    def __init__(self, folder: Path, emulator: Emulator, start: Any, canaries: Canaries, controller: Awx) -> None:
        self.emulator = emulator
        self.canaries = canaries
        self.controller = controller
        self._start = start
        self.engine = Engine(folder)
        file = folder / "tenants.json"
        write_tenants_file(file, {host: emulator.connections[host] for host in self.engine.hosts})
        self.environment = {
            "ACCESS_TENANTS_FILE": str(file),
            "CONTROLLER_HOST": controller.url,
            "CONTROLLER_OAUTH_TOKEN": controller.token,
        }

    def run(self, playbook: str, slices: int = 1, check: bool = False, **extra_vars: Any) -> list[Job]:
        """Run it against the tenants as they are at the start, and look at what every job leaves."""
        self.emulator.reset(state=self._start)
        jobs = self.engine.run(playbook, self.environment, slices=slices, check=check, **extra_vars)
        tenants.made_by(self.emulator, self.canaries)
        for job in jobs:
            self._check(job)
        assert not (check and self.emulator.writes())
        return jobs

    def _check(self, job: Job) -> None:
        assert job.events, job.output
        assert job.events[-1]["event"] == "playbook_on_stats", job.output[-3000:]
        # Of a result that is too long nothing would be left.
        assert all(res for _task, res in job.results)
        assert max(len(json.dumps(res)) for _task, res in job.results) < LONGEST_RESULT
        texts = {**dict(job.left()), "output": job.output}
        # ansible-runner writes the environment down; the controller masks what its credentials put there.
        leaks = {name: self.canaries.found(text) for name, text in texts.items() if not name.endswith("/command")}
        assert {name: found for name, found in leaks.items() if found} == {}

    def states(self) -> dict[str, Any]:
        """What the tenants hold, but for what differs from run to run."""
        return {host: steady(self.emulator.state(host)) for host in self.engine.hosts}


def steady(state: Any) -> Any:
    """Without secrets that were made, and without moments."""
    if isinstance(state, Mapping):
        return {
            key: steady(value)
            for key, value in state.items()
            if key not in tenants.SECRET and not isinstance(value, float)
        }
    return [steady(each) for each in state] if isinstance(state, list) else state


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """In a folder with a short name: ansible-core keeps a socket in it, whose path may have 107 bytes."""
    canaries = Canaries()
    start = tenants.planted(yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text()), canaries)
    inputs = {"url": "https://api-eu.devo.com", "devo_api_token": "old"}
    controller = Awx(
        token=canaries.chosen("token of the controller"),
        credentials={12: {"name": "Devo collector", "inputs": inputs}},
        secret_inputs=("devo_api_token",),
    )
    with Emulator(start) as emulator, running(controller):
        yield Place(tmp_path_factory.mktemp("p"), emulator, start, canaries, controller)


def artifacts(jobs: list[Job]) -> dict[str, Any]:
    """Those of all slices, by tenant; the controller merges what has one name, and which one is left is undefined."""
    return {name: value for job in jobs for name, value in job.artifacts.items() if "__" in name}


def tenants_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report, but for what it says of the run that made it."""
    return {key: value for key, value in without_moments(report).items() if key not in OF_THE_RUN}


def without_moments(value: Any) -> Any:
    """Without the moments at which something was measured or first seen."""
    if isinstance(value, Mapping):
        return {key: without_moments(item) for key, item in value.items() if key not in ("since", "stats")}
    return [without_moments(item) for item in value] if isinstance(value, list) else value


def copied_reports(place: Place, jobs: list[Job]) -> list[str]:
    """The reports of slices, where the job that merges them finds them."""
    return [str(job.reports / "report.json") for job in jobs]


def test_an_audit_in_slices(place: Place) -> None:
    """The shortest way through all of it: two slices, each with its own tenants, artifacts and report, and one of both."""
    jobs = place.run("audit", slices=2, check=True)
    assert {job.code for job in jobs} == {2}
    assert [sorted(tenant["tenant"] for tenant in job.report()["tenants"]) for job in jobs] == [
        place.engine.hosts[0::2],
        place.engine.hosts[1::2],
    ]
    stats = artifacts(jobs)
    assert set(stats) == {f"access_audit__{host}" for host in place.engine.hosts}
    assert {stat["verdict"] for stat in stats.values()} <= {"drift", "findings"}
    for job in jobs:
        assert job.artifacts["access_audit"]["tenants"] == 3
        # Of hosts that a slice does not know it cannot say that they were left out.
        assert job.report()["scope"]["partial"] is False
    (merged,) = place.run("merge_reports", access_reports=copied_reports(place, jobs))
    assert merged.code == 2
    assert merged.artifacts["access_audit"]["tenants"] == len(place.engine.hosts)
    assert artifacts([merged]) == stats
    assert set(merged.artifacts["access_plan"]) == set(place.engine.hosts)


@pytest.mark.long
@pytest.mark.parametrize("check", [False, True])
def test_the_report_of_four_slices_is_that_of_one_run(place: Place, check: bool) -> None:
    (whole,) = place.run("audit", check=check)
    slices = place.run("audit", slices=4, check=check)
    assert artifacts(slices) == artifacts([whole])
    (merged,) = place.run("merge_reports", check=check, access_reports=copied_reports(place, slices))
    assert tenants_of(merged.report()) == tenants_of(whole.report())
    assert merged.artifacts.keys() == whole.artifacts.keys()
    assert merged.artifacts["access_plan"] == whole.artifacts["access_plan"]
    told = {key: value for key, value in merged.artifacts["access_audit"].items() if key != "sha256"}
    assert told == {key: value for key, value in whole.artifacts["access_audit"].items() if key != "sha256"}


ONE_PERSON = {"access_person": "nia@example.com", "access_person_name": "Nia Novak"}
# By playbook: its variables, and how it ends. Where a person is not declared as told, it is done and ends as failed.
WORK: dict[str, tuple[dict[str, Any], int]] = {
    "apply": ({}, 0),
    "validate": ({}, 0),
    "onboard": ({**ONE_PERSON, "access_person_profiles": ["finance", "billing"]}, 2),
    "offboard": ({"access_person": "leo@example.com"}, 2),
    "rotate_tokens": ({}, 0),
    "export": ({}, 0),
}


def test_every_wrapper_is_run_here() -> None:
    assert {*WORK, "audit", "merge_reports"} == {name for name in WRAPPERS if name != "announce_plan"}


@pytest.mark.long
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("playbook", WORK)
def test_what_slices_do_is_what_one_run_does(place: Place, playbook: str, check: bool) -> None:
    variables, code = WORK[playbook]
    (whole,) = place.run(playbook, check=check, **variables)
    assert whole.code == code, whole.output[-5000:]
    done, handed_over = place.states(), place.controller.credentials[12]["inputs"]["devo_api_token"]
    written = exported(whole)
    slices = place.run(playbook, slices=4, check=check, **variables)
    assert place.states() == done
    assert {name: text for job in slices for name, text in exported(job).items()} == written
    assert max(job.code for job in slices) == code
    if playbook == "rotate_tokens":
        assert (handed_over == "old") is check
    if playbook == "apply":
        # What is done is told by every slice that has done it.
        assert changed(slices) == changed([whole])


def exported(job: Job) -> dict[str, str]:
    folder = job.folder / "project" / "access-export"
    return {path.name: path.read_text() for path in folder.glob("*.yml")}


def changed(jobs: list[Job]) -> dict[str, int]:
    """By task, on how many hosts it changed something."""
    totals: dict[str, int] = {}
    for job in jobs:
        for task, res in job.results:
            if res.get("changed"):
                totals[task] = totals.get(task, 0) + 1
    return totals
