# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a module runs in the controller's process or in one of its own, the task's result is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.server import Emulator
from unit.in_process.both_ways import APART, HERE, BothWays

DS = "{{ platforms.datasentinel }}"
ANA = {"email": "ana@example.com", "privilege": "read", "profile": "developer", "roles": ["reporting"]}
ENVIRONMENT = {
    "DATASENTINEL_API_URL": "{{ platforms.datasentinel.api_url }}",
    "DATASENTINEL_USERNAME": "{{ platforms.datasentinel.api_username }}",
    "DATASENTINEL_PASSWORD": "{{ platforms.datasentinel.api_password }}",
    "DATASENTINEL_RETRIES": 0,
    # How many connections two deletions take is a matter of time otherwise.
    "DATASENTINEL_CONCURRENCY": 1,
}


def task(name: str, module: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return {"name": name, f"dataops.access.{module}": options, "environment": ENVIRONMENT, **keywords}


# What is declared, as text that looks like a template and as text in other alphabets.
COMMENT = "{{ '{{' }} 6 * 7 }} – Größe ✓"
LOOP = task("A loop", "ds_user", {"email": "{{ item }}@example.com", "state": "absent"}, loop=["ana", "bo"])
FEW = [
    task("Create", "ds_user", {**ANA, "password": "a secret of ana", "comment": COMMENT}, diff=True),
    task("A wrong choice", "ds_user", {**ANA, "privilege": "all"}),
    task("A wrong password", "ds_user", ANA, environment={**ENVIRONMENT, "DATASENTINEL_PASSWORD": "wrong secret"}),
    LOOP,
]
MORE = [
    FEW[0],
    task("No change", "ds_user", ANA),
    task("Check mode", "ds_user", {**ANA, "comment": "other"}, check_mode=True, diff=True),
    task("An unknown option", "ds_user", {**ANA, "unknown": 1}),
    task("Refused", "ds_user", {**ANA, "roles": []}),
    task("No log", "ds_user", {**ANA, "comment": "changed"}, no_log=True),
    task(
        "An entry as a text, defaults, another name, a warning",
        "datasentinel_users",
        {"users": ['{"email": "ana@example.com", "roles": ["reporting"]}']},
        module_defaults={"group/dataops.access.datasentinel": {"purge_exclude": ["nobody"], "purge": True}},
    ),
    task("A file", "ds_users", {"users_file": "users.yml", "return_objects": True}, delegate_to="localhost"),
    LOOP,
]


@pytest.fixture
def ways(tmp_path: Path) -> Iterator[BothWays]:
    with Emulator() as here, Emulator() as apart:
        yield BothWays(tmp_path, {HERE: here, APART: apart})


def _without_later_stats(results: list[Any]) -> list[Any]:
    """Results whose last is that of a loop: its later items go on with what the first has opened and listed."""
    *others, loop = results
    first, *later = loop["results"]
    return [*others, {**loop, "results": [first, *({**item, "stats": None} for item in later)]}]


@pytest.mark.parametrize(
    ("tasks", "failed"),
    [
        (FEW, ["A wrong choice", "A wrong password"]),
        pytest.param(MORE, ["An unknown option", "Refused"], marks=pytest.mark.long),
    ],
)
def test_the_results_are_the_same(ways: BothWays, tasks: list[dict[str, Any]], failed: list[str]) -> None:
    users = '- {email: ana@example.com, comment: "{{ not a template }}", roles: [reporting, billing]}\n'
    (ways.controller.folder / "users.yml").write_text(users)
    run = ways.run(tasks)
    here, apart = ways.results(run, HERE), ways.results(run, APART)
    assert _without_later_stats(here) == _without_later_stats(apart)
    later = [result["results"][1]["stats"] for result in (here[-1], apart[-1])]
    assert [(stats["requests"], stats["connections"]) for stats in later] == [(0, 0), (2, 1)]
    assert [task["name"] for task, result in zip(tasks, here, strict=True) if result.get("failed")] == failed
    assert here[0]["changes"][0]["fields"]["comment"]["after"] == "{{ 6 * 7 }} – Größe ✓"
