# SPDX-License-Identifier: GPL-3.0-or-later
"""What a controller keeps of a job that works on 5,000 objects: results of tasks, and what is told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from capacity import tenants
from emulation import write_tenants_file
from emulator.server import Emulator
from unit.project.job import LONGEST_RESULT, Engine, Job

NUMBER = 5_000
HOST = "tenant-00000"


def applied(folder: Path, out_of_line: int) -> Job:
    """An apply to a tenant with so many users out of line."""
    state, inventory = tenants(1, NUMBER)
    declared = inventory["_meta"]["hostvars"][HOST]["datasentinel_users"]
    changed = [{**user, "privilege": "read write"} for user in declared[:out_of_line]]
    inventory["_meta"]["hostvars"][HOST]["datasentinel_users"] = [*changed, *declared[out_of_line:]]
    with Emulator(state) as emulator:
        file = folder / "tenants.json"
        write_tenants_file(file, {HOST: emulator.connections[HOST]})
        (job,) = Engine(folder, inventory).run("apply", {"ACCESS_TENANTS_FILE": str(file)})
    assert job.code == 0, job.output[-3000:]
    assert job.artifacts["access_changes"]["applied"] == out_of_line
    return job


def results(job: Job) -> Mapping[str, Mapping[str, Any]]:
    return dict(job.results)


@pytest.mark.long
def test_one_change_among_5000_objects_is_kept_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    job = applied(tmp_path_factory.mktemp("p"), 1)
    assert all(result for _task, result in job.results)
    (change,) = results(job)["Users are as declared"]["changes"]
    assert change["key"] == "user-000000@example.com"
    # Objects that are in line cost nothing.
    assert max(len(json.dumps(event)) for event in job.events) < LONGEST_RESULT / 50


@pytest.mark.long
def test_of_5000_changes_the_record_is_kept_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The controller empties a result of that size, and nothing depends on it."""
    job = applied(tmp_path_factory.mktemp("p"), NUMBER)
    emptied = {task for task, result in job.results if not result}
    assert emptied <= {"Users are as declared", "Keep the result for the report", "This tenant's part of the report"}
    record = json.loads((job.reports / "changes.json").read_text())
    assert record["counts"]["applied"] == NUMBER
    (said,) = (event["stdout"] for event in job.events if "Changed: " in event["stdout"])
    assert "and 4980 more" in said
    assert len(said) < 10_000
