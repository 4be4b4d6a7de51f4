# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a module runs: in the controller's process, unless something asks for another one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.module_utils import basic

from ansible_collections.dataops.access.plugins.action import access_module
from ansible_collections.dataops.access.plugins.plugin_utils.in_process import ansible_core, module_run
from unit.test_architecture import ROOT, platform_modules


def is_here(
    variables: dict[str, Any] | None = None,
    connection: dict[str, Any] | None = None,
    task: dict[str, Any] | None = None,
    **environment: str,
) -> bool:
    """Whether a task runs in the controller's process."""
    plugin = access_module.ActionModule.__new__(access_module.ActionModule)
    plugin._connection = SimpleNamespace(**{"transport": "local", "become": None, **(connection or {})})
    plugin._task = SimpleNamespace(**{"async_val": 0, "delegate_to": None, **(task or {})})
    plugin._templar = SimpleNamespace(template=lambda value: value)
    plugin._environment = environment
    return plugin._may_run_here(variables or {})


def test_without_further_wishes_it_runs_here() -> None:
    assert is_here()


def beside(folder: Path) -> str:
    """The interpreter of the tests under another name in another folder: it may have other libraries there."""
    link = folder / "python"
    link.symlink_to(Path(sys.executable).resolve())
    return str(link)


@pytest.mark.parametrize("asked", [sys.executable, "auto", "auto_silent", "", " auto "])
def test_the_controllers_own_interpreter_and_any_are_here(asked: str) -> None:
    assert is_here({"ansible_python_interpreter": asked})


@pytest.mark.parametrize("asked", ["/usr/bin/env python3", "python3", "/opt/venv/bin/python"])
def test_another_interpreter_is_another_process(asked: str, tmp_path: Path) -> None:
    assert not is_here({"ansible_python_interpreter": asked})
    assert not is_here({"ansible_python_interpreter": beside(tmp_path)})


def test_the_interpreter_is_that_of_the_host_delegated_to() -> None:
    variables = {"ansible_delegated_vars": {"other": {"ansible_python_interpreter": "/opt/venv/bin/python"}}}
    assert not is_here(variables, task={"delegate_to": "other"})
    assert is_here({**variables, "ansible_python_interpreter": sys.executable})


@pytest.mark.parametrize(
    "asked",
    [
        {"connection": {"transport": "ssh"}},
        {"connection": {"become": "a plugin"}},
        {"task": {"async_val": 10}},
        {"variables": {"access_in_process": False}},
        {"variables": {"access_in_process": "no"}},
        {"PYTHONPATH": "/opt/lib"},
        {"LD_PRELOAD": "/opt/lib.so"},
    ],
)
def test_what_asks_for_another_process(asked: dict[str, Any]) -> None:
    assert not is_here(**asked)


def test_files_that_are_kept_come_from_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_KEEP_REMOTE_FILES", True)
    assert not is_here()


def test_a_controller_without_requests_leaves_it_to_another_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_run, "IS_POSSIBLE", False)
    assert not is_here()


def test_this_ansible_core_is_known_and_another_one_would_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ansible_core.IS_KNOWN
    monkeypatch.delattr(basic, "_ANSIBLE_ARGS")
    assert not ansible_core._is_known()


def test_every_platforms_module_has_the_action_plugin() -> None:
    routing = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["plugin_routing"]["modules"]
    routed = {name: entry["action_plugin"] for name, entry in routing.items() if "action_plugin" in entry}
    assert routed == dict.fromkeys(platform_modules(), "dataops.access.access_module")
