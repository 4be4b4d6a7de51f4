# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotation that is killed at any of its steps: a secret that works is always there, and the next run completes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.server import Emulator
from unit.handover.bench import HOUR, Bench, Killed

VAULT = {"kind": "hashicorp_vault", "url": "https://vault.example.com", "token": "t", "path": "devo"}
TASKS = {"kind": "tasks", "file": "tasks.yml"}
FILE = {"secret_file": "ci"}
# By what it is handed over to.
DECLARED: dict[str, dict[str, Any]] = {
    "secret_file": FILE,
    "tasks": {"handover": [TASKS]},
    "a place": {"handover": [VAULT]},
    "all of them": {**FILE, "handover": [VAULT, TASKS]},
    "tasks, with grace": {"handover": [TASKS], "grace": HOUR},
}


@pytest.fixture
def bench(vendors: Emulator, tmp_path: Path, request: pytest.FixtureRequest) -> Bench:
    declared = dict(DECLARED[request.param])
    if "secret_file" in declared:
        declared["secret_file"] = str(tmp_path / "ci")
    return Bench(vendors, tmp_path, **declared)


def prepare(bench: Bench, names: str) -> None:
    bench.vendors.reset(switches={"devo.token_names": names})
    bench.create()
    bench.due()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is like another case in what it finds is left to long runs: before a step is after the one before it."""
    if "names" not in metafunc.fixturenames:
        return
    every = [
        (what, done_first, names)
        for what in DECLARED
        for done_first in (True, False)
        for names in ("repeatable", "unique")
    ]
    short = [case for case in every if case[1:] == (True, "repeatable")]
    short += [("secret_file", False, "repeatable"), ("all of them", False, "unique")]
    chosen = every if metafunc.config.getoption("long") else short
    metafunc.parametrize(
        ("bench", "done_first", "names"),
        chosen,
        indirect=["bench"],
        ids=[f"{what}, {'after' if done_first else 'before'}, {names}" for what, done_first, names in chosen],
    )


def test_killed_at_every_step(
    bench: Bench, done_first: bool, names: str, tally: Callable[[str, str, int], None]
) -> None:
    bench.steps.after_each = bench.check_works
    step = 0
    while True:
        step += 1
        prepare(bench, names)
        before = bench.all()["ci"]["token"]
        try:
            with bench.steps.counted(step, done_first):
                bench.rotate()
        except Killed:
            pass
        else:
            break  # it did not take so many steps
        bench.check_works()
        with bench.steps.counted():
            done = bench.rotate()
        assert not done.get("failed"), f"after a kill at step {step}: {done}"
        bench.check_done()
        # Killed at the very end, the renewal was complete, and nothing is due any more.
        assert bench.all()["ci"]["token"] != before
        with bench.steps.counted():
            again = bench.rotate()
        assert (again["changed"], again["changes"]) == (False, []), f"after a kill at step {step}"
    tally("rotations", f"killed, {names} names", step - 1)
    assert step > 8


@pytest.mark.parametrize(
    ("bench", "done_first"), [("tasks", True), ("all of them", False)], indirect=["bench"], ids=["after", "before"]
)
def test_killed_twice(bench: Bench, done_first: bool, pytestconfig: pytest.Config) -> None:
    """The run that completes may be killed as well."""
    bench.steps.after_each = bench.check_works
    stride = 1 if pytestconfig.getoption("long") else 5
    for first in range(8, 24, stride):
        for second in range(6, 24, stride):
            prepare(bench, "repeatable")
            for step in (first, second):
                try:
                    with bench.steps.counted(step, done_first):
                        bench.rotate()
                except Killed:
                    continue
            with bench.steps.counted():
                done = bench.rotate()
            assert not done.get("failed"), f"killed at {first} and {second}: {done}"
            bench.check_done()
