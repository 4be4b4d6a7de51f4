# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module's life against the emulator, under every switch: check mode says what a run does, and never writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from contract.check import violations
from emulator.platforms import PLATFORMS
from emulator.server import Emulator
from unit.every_life import LIVES
from unit.life import Life, Step
from unit.road import run_many, run_one


def readings() -> Iterator[Any]:
    for name, life in LIVES.items():
        yield pytest.param(name, None, id=f"{name}-defaults")
        for switch in PLATFORMS[life.tenant].switches:
            for value in switch.choices:
                if value != switch.default and switch.name not in life.unmet:
                    yield pytest.param(name, (switch.name, value), id=f"{name}-{switch.name}={value}")


@pytest.fixture(scope="module")
def emulators() -> Iterator[dict[str, Emulator]]:
    running: dict[str, Emulator] = {}
    try:
        for name, life in LIVES.items():
            running[name] = Emulator(life.state).__enter__()
        yield running
    finally:
        for emulator in running.values():
            emulator.__exit__()


@pytest.mark.parametrize(("name", "reading"), list(readings()))
def test_life(
    name: str, reading: tuple[str, str] | None, emulators: dict[str, Emulator], pytestconfig: pytest.Config
) -> None:
    life: Life = LIVES[name]
    # The plural module is the same code, and what is sent hardly depends on what a server makes of it.
    whole = reading is None or pytestconfig.getoption("long")
    emulator = emulators[name]
    emulator.reset(switches={f"{life.tenant}.{reading[0]}": reading[1]} if reading else None)
    connection = life.connection(emulator.connections)
    refusals = dict(life.refusals.get(reading, {})) if reading else {}
    instead = life.instead.get(reading, {}) if reading else {}
    for step in (instead.get(step.name, step) for step in life.steps):
        before = emulator.state(life.tenant)
        start = len(emulator.requests())
        checked = run_one(life.service, step.options, connection, check=True)
        together = run_many(life.service, life.as_many(step.options), connection, check=True) if whole else checked
        assert emulator.writes(since=start) == [], f"{step.name}: check mode wrote"
        done = run_one(life.service, step.options, connection)
        compare_check_and_run(step, checked, together, done)
        if step.name in refusals or step.expect == "refused":
            says = refusals.pop(step.name, step.says)
            assert done.get("failed"), f"{step.name} should have failed: {done}"
            assert re.search(says, done["msg"]), f"{step.name}: {done['msg']}"
            assert done["failure"]["kind"] != "protocol" or says, f"{step.name}: {done['msg']}"
        else:
            look_at(step, checked, done)
        if step.expect == "refused":
            assert emulator.state(life.tenant) == before, f"{step.name} changed something although it was refused"
        elif step.name not in (life.refusals.get(reading, {}) if reading else {}) and (whole or done["changed"]):
            mark = len(emulator.requests())
            again = run_one(life.service, step.options, connection)
            assert not again["changed"], f"{step.name}, a second time: {again['changes']}"
            assert emulator.writes(since=mark) == [], f"{step.name}, a second time, wrote"
        assert emulator.complaints() == [], step.name
    assert refusals == {}, "refusals that are listed for steps that there are not"
    assert not whole or violations(emulator.requests(full=True)) == []


def compare_check_and_run(step: Step, checked: dict[str, Any], together: dict[str, Any], done: dict[str, Any]) -> None:
    """Check mode, the singular and the plural module say the same."""
    for other, what in ((together, "the plural module"), (done, "the run")):
        assert plan_of(other) == plan_of(checked), f"{step.name}: {what} and check mode differ: {other} {checked}"
    assert checked["changed"] == together["changed"], step.name


def plan_of(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    assert "changes" in result, result
    return [(change["key"], change["action"], change["fields"]) for change in result["changes"]]


def look_at(step: Step, checked: dict[str, Any], done: dict[str, Any]) -> None:
    assert not done.get("failed"), f"{step.name}: {done['msg']}"
    assert not checked.get("failed"), f"{step.name}, in check mode: {checked['msg']}"
    actions = [change["action"] for change in done["changes"]]
    assert actions == ([] if step.expect == "nothing" else [step.expect]), f"{step.name}: {done['changes']}"
    assert done["changed"] == checked["changed"] == (step.expect != "nothing"), step.name
    if step.fields is not None:
        found = {name: (value["before"], value["after"]) for name, value in done["changes"][0]["fields"].items()}
        assert found == dict(step.fields), step.name


def test_every_switch_is_met_or_has_a_reason() -> None:
    for name, life in LIVES.items():
        known = {switch.name for switch in PLATFORMS[life.tenant].switches}
        assert set(life.unmet) <= known, name
        assert all(life.unmet.values()), name
        for switch, _value in [*life.refusals, *life.instead]:
            assert switch in known, f"{name}: {switch}"
