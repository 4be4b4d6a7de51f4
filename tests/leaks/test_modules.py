# SPDX-License-Identifier: GPL-3.0-or-later
"""No module gives a secret away, whatever it does and whatever a server answers: results, diffs, messages, logs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, HIDDEN_CHANGED
from ansible_collections.dataops.access.plugins.plugin_utils import declared, platforms
from emulator.server import Emulator
from leaks import tenants
from leaks.inside import Said, run
from leaks.modules import MODULES
from leaks.play import mistakes
from leaks.scenes import Scene, scenes
from leaks.search import Canaries
from leaks.wrong import BROKEN, PROXY, QUOTING, REST

Fault = Mapping[str, Any]
Tally = Callable[[str, str, int], None]
CONNECT = {"api_retries": 1, "api_timeout": 5}


class Stage:
    """The emulated tenants, their canaries, and the scenes by module."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.canaries = Canaries()
        start = tenants.state(self.canaries)
        emulator.reset(state=start)
        self.ways = tenants.connections(emulator, self.canaries)
        self.scenes: dict[str, list[Scene]] = {name: [] for name in MODULES}
        for scene in scenes(emulator, self.canaries, start):
            self.scenes[scene.module.name].append(scene)

    def play(
        self, scene: Scene, way: str = "default", fault: Fault | None = None, check: bool = False
    ) -> tuple[Said, list[str]]:
        """What the module says, and what of it gives something away. ``fault``: an entry of the emulator's list."""
        self.emulator.reset(state=scene.state)
        self.emulator.faults([fault] if fault else [])
        spec = scene.module.spec
        connection = self.ways[scene.module.platform.name][way]
        options = {
            **{name: value for name, value in {**connection, **CONNECT}.items() if name in spec},
            **scene.options,
        }
        said = run(scene.module.start, options, check)
        return said, self.found(said.text, scene)

    def found(self, text: str, scene: Scene) -> list[str]:
        """What ``text`` gives away: of what was handed out, and of what the server has made in this scene."""
        made = Canaries()
        for place, secret in enumerate(self.emulator.secrets(scene.module.platform.name)):
            if secret and not self.canaries.found(secret):
                made.made(f"secret {place} of the server", secret)
        return self.canaries.found(text) + made.found(text)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Emulator() as emulator:
        yield Stage(emulator)


def test_every_credential_of_every_platform_is_a_canary(stage: Stage) -> None:
    for name, platform in platforms.PLATFORMS.items():
        for credential in platform.credentials:
            option = credential.option
            values = [options[option] for options in stage.ways[name].values() if option in options]
            assert values, f"{name}: {credential.option} is never given"
            if credential.secret:
                assert all(stage.canaries.found(value) for value in values), f"{name}: {credential.option}"
            else:
                assert set(values) <= set(tenants.OPEN.values()), f"{name}: {credential.option}"


def test_every_module_has_a_scene(stage: Stage) -> None:
    assert [name for name, found in stage.scenes.items() if not found] == []


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.usefixtures("no_backoff")
def test_nothing_is_given_away(stage: Stage, name: str, tally: Tally, pytestconfig: pytest.Config) -> None:
    leaked: dict[str, list[str]] = {}
    runs = 0

    def play(scene: Scene, what: str, **how: Any) -> Said:
        nonlocal runs
        runs += 1
        said, found = stage.play(scene, **how)
        if found:
            leaked[f"{scene.name}, {what}"] = found
        return said

    long = pytestconfig.getoption("long")
    turn = itertools.count()
    for scene in stage.scenes[name]:
        for check in (True, False):
            play(scene, f"check {check}", check=check)
        requests = max(1, len(stage.emulator.requests()))
        for way in stage.ways[scene.module.platform.name]:
            for what, fault in _wrong(scene, way, long).items():
                # In short each kind of fault has its turn at another request.
                for call in range(1, requests + 1) if long else (1 + next(turn) % requests,):
                    one = {"call": call, "fault": fault}
                    play(scene, f"{way}, {what} at request {call}", way=way, fault=one, check=call % 5 == 4)
    assert leaked == {}
    tally("canaries", f"{name}: runs searched", runs)


def _wrong(scene: Scene, way: str, long: bool) -> dict[str, Fault]:
    if way != "default":
        return PROXY if way == "proxy" else QUOTING
    # The singular module is the plural one with one object.
    if scene.module.kind == "one":
        return {**QUOTING, **BROKEN} if long else QUOTING
    return {**QUOTING, **BROKEN, **REST} if long else {**QUOTING, **BROKEN}


@pytest.mark.parametrize("name", [name for name, module in MODULES.items() if module.kind != "info"])
def test_a_changed_secret_shows_as_changed(stage: Stage, name: str) -> None:
    for scene in (scene for scene in stage.scenes[name] if scene.changes_secret):
        for check in (True, False):
            said, found = stage.play(scene, check=check)
            assert found == []
            (change,) = said.result["changes"]
            secrets = {field: value for field, value in change["fields"].items() if HIDDEN in str(value)}
            assert secrets, change
            assert all(value == {"before": HIDDEN, "after": HIDDEN_CHANGED} for value in secrets.values())
            for field in secrets:
                (before,) = said.result["diff"]["before"].values()
                (after,) = said.result["diff"]["after"].values()
                assert (before[field], after[field]) == (HIDDEN, HIDDEN_CHANGED)


@pytest.mark.parametrize("name", MODULES)
def test_wrong_arguments_give_nothing_away(stage: Stage, name: str, tally: Tally) -> None:
    leaked = {}
    runs = 0
    scene = stage.scenes[name][0]
    for mistake, options in mistakes(scene.module, scene, stage.canaries):
        said, found = stage.play(replace(scene, options=options))
        runs += 1
        assert said.result["failed"], mistake
        if found:
            leaked[mistake] = found, said.text
    assert leaked == {}
    tally("canaries", f"{name}: wrong arguments", runs)


@pytest.mark.parametrize("name", [name for name, module in MODULES.items() if module.kind == "many"])
def test_the_check_of_declared_state_gives_nothing_away(stage: Stage, name: str) -> None:
    """What the playbook ``validate`` runs: the same checks, on the controller."""
    scene = stage.scenes[name][0]
    secret = {option.name for option in scene.module.service.resource.options if option.secret}
    for mistake, options in mistakes(scene.module, scene, stage.canaries):
        checked = declared.check(scene.module.service, {key: options[key] for key in scene.options})
        # Without a credential nothing tells that what stands in another option is secret.
        assert not secret or stage.canaries.found(" ".join(checked.errors)) == [], mistake
