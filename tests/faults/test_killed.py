# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that is killed after any of its writes leaves what the next run completes: nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from documentation import modules
from documentation.modules import MANY, ONE
from emulator.server import Emulator
from faults.cells import run
from faults.killed import kill_at
from faults.stage import Stage
from faults.table import WRITE
from faults.tasks import MIXED, Task, kinds, tasks
from unit.road import run_one

DAY, HOUR = 86400, 3600
# Of the tokens that the emulator starts with.
LAST_ID = 2
MODULES = {(module.service, module.kind): name for name, module in modules.modules().items()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "task" in metafunc.fixturenames:
        long = metafunc.config.getoption("long")
        metafunc.parametrize("task", list(writing_tasks(long)), ids=str)


def writing_tasks(long: bool) -> Iterator[Task]:
    """The tasks that write: of each kind and action one, or all."""
    for kind in kinds():
        for task in tasks(kind):
            if task.form in (ONE, MANY) and (long or task.is_first):
                yield task


def test_the_next_run_completes_what_a_killed_one_began(
    task: Task, stage: Stage, tmp_path: Path, pytestconfig: pytest.Config, tally: Callable[..., None]
) -> None:
    reference = stage.reference(task)
    writes = reference.of(WRITE)
    if task.action == MIXED and not pytestconfig.getoption("long"):
        writes = writes[len(writes) // 2 :][:1]
    for asked in writes:
        stage.reset(task)
        params = {**stage.connection(task), **task.options}
        requests = kill_at(
            stage.emulator, {"call": asked.place}, MODULES[task.kind.service, task.form], params, tmp_path
        )
        assert (requests[-1]["path"], requests[-1]["write"], requests[-1]["status"]) == (asked.path, True, None)
        again = run(stage, task)
        assert again.failure is None, f"after {asked}: {again.result['msg']}"
        assert again.held == reference.end, f"after {asked}"
        last = run(stage, task)
        assert not last.result["changed"], f"after {asked}"
        assert last.writes == 0
        tally("processes killed", task.kind.service.platform.title)


# --- tokens whose secret is handed over ------------------------------------------------------------------------------


class Tokens:
    """A token ``ci`` whose secret is kept in a file, about to be created, replaced or renewed."""

    def __init__(self, emulator: Emulator, how: str, file: Path) -> None:
        emulator.reset()
        options = emulator.connections["devo"]
        self.emulator = emulator
        self.file = file
        self.connection = {name: options[name] for name in ("api_url", "api_token")}
        self.declared = {
            "account": options["account"],
            "name": "ci",
            "audience": ["apiv2"],
            "secret_file": str(file),
            "renew_before": HOUR,
        }
        file.unlink(missing_ok=True)
        if how != "created":
            self.run()
        if how == "renewed":
            emulator.clock_advance(DAY - HOUR + 60)
        if how == "replaced":
            self.declared |= {"audience": ["http"], "replace": True}

    def run(self) -> dict[str, Any]:
        result = run_one(DevoTokens, self.declared, self.connection)
        assert not result.get("failed"), result["msg"]
        return result

    def writes(self) -> list[int]:
        """Run; which of its requests write, from 1."""
        since = len(self.emulator.requests())
        self.run()
        requests = self.emulator.requests(since=since)
        return [place for place, request in enumerate(requests, start=1) if request["write"]]

    def check(self) -> None:
        """There is the one token, in force, and the file holds its secret: none is an orphan."""
        made = [token for token in self.emulator.state("devo")["domains"][0]["tokens"] if token["id"] > LAST_ID]
        assert [(token["name"], token["active"]) for token in made] == [("ci", True)]
        assert self.file.read_text() == made[0]["token"] + "\n"


@pytest.mark.parametrize(("how", "count"), [("created", 1), ("replaced", 3), ("renewed", 5)])
def test_no_secret_of_a_token_is_orphaned(
    how: str, count: int, stage: Stage, tmp_path: Path, tally: Callable[..., None]
) -> None:
    places = Tokens(stage.emulator, how, tmp_path / "secret").writes()
    assert len(places) == count
    for place in places:
        tokens = Tokens(stage.emulator, how, tmp_path / "secret")
        params = {**tokens.connection, **tokens.declared}
        requests = kill_at(stage.emulator, {"call": place}, "devo_token", params, tmp_path)
        assert requests[-1]["write"]
        tokens.run()
        tokens.check()
        assert not tokens.run()["changed"]
        tally("processes killed", DevoTokens.platform.title)
