# SPDX-License-Identifier: GPL-3.0-or-later
"""The wrapper playbooks of the example project, as jobs and as slices of jobs: the same is done, told and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from unit.project.job import PROJECT, Job
from unit.project.place import Place, place_in

# What a report says of the run that made it, and not of the tenants.
OF_THE_RUN = {"run", "sha256", "merged", "previous"}
WRAPPERS = {path.stem for path in PROJECT.glob("*.yml") if "import_playbook" in path.read_text()}


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """In a folder with a short name: ansible-core keeps a socket in it, whose path may have 107 bytes."""
    with place_in(tmp_path_factory.mktemp("p")) as made:
        yield made


def by_tenant(jobs: list[Job]) -> dict[str, Any]:
    """The artifacts of slices that have a tenant's name; of others with one name, the controller keeps any."""
    return {name: value for job in jobs for name, value in job.artifacts.items() if "__" in name}


def of_tenants(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report, but for what it says of the run that made it, and of how long that took."""

    def steady(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: steady(item) for key, item in value.items() if key not in ("since", "stats")}
        return [steady(item) for item in value] if isinstance(value, list) else value

    return {key: steady(value) for key, value in report.items() if key not in OF_THE_RUN}


def paths(jobs: list[Job]) -> list[str]:
    """The slices' reports, where the job that merges them finds them."""
    return [str(job.reports / "report.json") for job in jobs]


def test_an_audit_in_slices(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The shortest way through all of it: two slices, each with its tenants, artifacts and report, and one of both."""
    hosts = ["datasentinel-eu", "dbsync-partner"]
    with place_in(tmp_path_factory.mktemp("p"), only=hosts) as place:
        jobs = place.run("audit", slices=2, check=True)
        assert {job.code for job in jobs} == {2}
        seen = [[tenant["tenant"] for tenant in job.report()["tenants"]] for job in jobs]
        assert seen == [["datasentinel-eu"], ["dbsync-partner"]]
        stats = by_tenant(jobs)
        assert set(stats) == {f"access_audit__{host}" for host in hosts}
        assert {stat["verdict"] for stat in stats.values()} == {"drift"}
        # Of hosts that a slice does not know it cannot say that they were left out.
        assert [job.report()["scope"]["partial"] for job in jobs] == [False, False]
        (merged,) = place.run("merge_reports", access_reports=paths(jobs))
    assert merged.code == 2
    assert merged.artifacts["access_audit"]["tenants"] == 2
    assert by_tenant([merged]) == stats
    assert set(merged.artifacts["access_plan"]) == set(hosts)


@pytest.mark.long
@pytest.mark.parametrize("check", [False, True])
def test_the_report_of_four_slices_is_that_of_one_run(place: Place, check: bool) -> None:
    (whole,) = place.run("audit", check=check)
    slices = place.run("audit", slices=4, check=check)
    assert by_tenant(slices) == by_tenant([whole])
    (merged,) = place.run("merge_reports", check=check, access_reports=paths(slices))
    assert of_tenants(merged.report()) == of_tenants(whole.report())
    told, one = (
        {**job.artifacts, "access_audit": {**job.artifacts["access_audit"], "sha256": ""}} for job in (merged, whole)
    )
    assert told == one


ONE_PERSON = {"access_person": "nia@example.com", "access_person_name": "Nia Novak"}
# Seconds until the token is due that the project renews in its last week.
OLD = 85 * 86400
# By playbook: its variables, and how it ends.
WORK: dict[str, tuple[dict[str, Any], int]] = {
    "apply": ({}, 0),
    "validate": ({}, 0),
    # Nobody declares her, so that it is done and ends as failed.
    "onboard": ({**ONE_PERSON, "access_person_profiles": ["finance", "billing"]}, 2),
    "offboard": ({"access_person": "leo@example.com", "access_person_confirm": "leo@example.com"}, 0),
    "rotate_tokens": ({}, 0),
    "export": ({}, 0),
}


def test_every_wrapper_is_run_here() -> None:
    assert {*WORK, "audit", "merge_reports"} == WRAPPERS


@pytest.mark.long
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("playbook", WORK)
def test_what_slices_do_is_what_one_run_does(place: Place, playbook: str, check: bool) -> None:
    variables, code = WORK[playbook]
    expected = 0 if check and playbook == "onboard" else code
    place.emulator.clock_advance(OLD)
    (whole,) = place.run(playbook, check=check, **variables)
    assert whole.code == expected, whole.output[-5000:]
    done, told = place.states(), changed([whole])
    token = place.controller.credentials[12]["inputs"]["devo_api_token"]
    place.reset()
    place.emulator.clock_advance(OLD)
    slices = place.run(playbook, slices=4, check=check, **variables)
    assert max(job.code for job in slices) == expected
    assert place.states() == done
    if playbook != "export":
        # Files are written once for all tenants of a job.
        assert changed(slices) == told
    assert {name: text for job in slices for name, text in exported(job).items()} == exported(whole)
    if playbook == "rotate_tokens":
        assert (token == "old") is check


def changed(jobs: list[Job]) -> Counter[str]:
    """By task, on how many hosts it changed something."""
    return Counter(task for job in jobs for task, res in job.results if res.get("changed"))


def exported(job: Job) -> dict[str, str]:
    """The files of declared state, but for the line that says when they were made."""
    folder = job.folder / "project" / "access-export"
    return {
        path.name: "\n".join(line for line in path.read_text().splitlines() if not line.startswith("#"))
        for path in folder.glob("*.yml")
    }


@pytest.mark.long
def test_a_credential_for_each_platform(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without the map, every tenant takes what the credential of its platform puts into the environment."""
    hosts = ["alteryx-server", "datasentinel-eu", "dbsync-partner", "devo-eu", "dqm-group"]
    with place_in(tmp_path_factory.mktemp("p"), only=hosts) as place:
        environment: dict[str, str] = {}
        urls = {}
        for host in hosts:
            platform, options = host.partition("-")[0], place.options(host)
            # Where a tenant is, its own variables say; those of the example lead nowhere.
            urls[f"{platform}_api_url"] = options["api_url"]
            environment |= place.credential(platform, **options)
        (job,) = place.run("audit", check=True, environment=environment, **urls)
    assert job.code == 2
    verdicts = {tenant["tenant"]: tenant["verdict"] for tenant in job.report()["tenants"]}
    assert set(verdicts) == set(hosts)
    assert "error" not in verdicts.values()
