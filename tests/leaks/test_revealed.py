# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that was asked for stands where it was asked for, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator.server import Emulator
from leaks.modules import MODULES, Module
from leaks.scenes import Scene
from leaks.test_modules import Stage

HAND_OVER = ("return_secret", "secret_file", "password_file")


def hands_over(module: Module, option: str) -> bool:
    """Whether the module, or each of the entries that it takes, has the option."""
    if module.kind == "info":
        return option in module.spec
    return any(item.name == option for item in module.service.resource.options)  # type: ignore[attr-defined]  # a service


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Emulator() as emulator:
        yield Stage(emulator)


def asking(scene: Scene, option: str, value: Any) -> Scene:
    """The scene with the option, and without what it excludes."""
    if scene.module.kind == "info":
        return replace(scene, options={**scene.options, "name": "reports", option: value})
    resource = scene.module.service.resource  # type: ignore[attr-defined]  # what is no info module has a service
    given = {item.name for item in resource.options if item.secret}

    def with_option(entry: dict[str, Any]) -> dict[str, Any]:
        return {**{name: what for name, what in entry.items() if name not in given}, option: value}

    if scene.module.kind == "one":
        return replace(scene, options=with_option(dict(scene.options)))
    (entry,) = scene.options[resource.plural]
    changed = {resource.plural: [with_option(entry)], "return_objects": True}
    return replace(scene, options={**scene.options, **changed})


def cases() -> Iterator[Any]:
    for module in MODULES.values():
        for option in HAND_OVER:
            if hands_over(module, option):
                yield pytest.param(module.name, option, id=f"{module.name}-{option}")


@pytest.mark.parametrize(("name", "option"), list(cases()))
def test_it_is_where_it_was_asked_for_and_nowhere_else(stage: Stage, name: str, option: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    endings = (": create", ": change of a secret", ": read")
    scenes = [scene for scene in stage.scenes[name] if scene.name.endswith(endings)]
    for scene in scenes:
        if option == "password_file" and scene.changes_secret:
            continue  # a password is only made for a new user
        asked = asking(scene, option, True if option == "return_secret" else str(file))
        said, found = stage.play(asked)
        assert not said.result.get("failed"), said.result
        if option != "return_secret":
            assert found == []
            assert stage.found(file.read_text(), asked) != []
            continue
        shown = _objects(said.result, asked.module)
        assert len(shown) == 1
        secrets = [value for value in shown[0].values() if isinstance(value, str) and stage.found(value, asked)]
        assert secrets, shown
        rest = said.text
        for secret in secrets:
            assert rest.count(json.dumps(secret)) == 1
            rest = rest.replace(json.dumps(secret), "")
        assert stage.found(rest, asked) == []


def _objects(result: dict[str, Any], module: Module) -> list[dict[str, Any]]:
    resource = module.service.resource  # type: ignore[attr-defined]  # only services return secrets
    found = result.get(resource.singular) or result.get(resource.plural) or result.get(resource.listed_as)
    return found if isinstance(found, list) else [found]
