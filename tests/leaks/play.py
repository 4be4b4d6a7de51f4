# SPDX-License-Identifier: GPL-3.0-or-later
"""One playbook in which every module is run: with success, against servers that quote, and with wrong arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from leaks.modules import Module
from leaks.scenes import Scene
from leaks.search import Canaries

Task = dict[str, Any]


class Play:
    """Tasks, and their options in a file of variables: a playbook does not spell its secrets out."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.variables: dict[str, Any] = {}

    def add(self, name: str, module: Module, options: Mapping[str, Any], **keywords: Any) -> None:
        """A task that may fail."""
        number = f"options_{len(self.tasks)}"
        # Connection options that the module does not have; an unknown one of a mistake has no value.
        self.variables[number] = {key: value for key, value in options.items() if key in module.spec or value is None}
        task = {"name": name, f"dataops.access.{module.name}": f"{{{{ {number} }}}}", "ignore_errors": True}
        self.tasks.append({**task, **keywords})

    def write(self, folder: Path) -> str:
        """The playbook's name, in the layout that ansible-runner has for projects and inventories."""
        project = folder / "project"
        project.mkdir()
        (folder / "inventory").mkdir()
        (folder / "inventory" / "hosts.yml").write_text("all: {hosts: {tenant: {ansible_connection: local}}}\n")
        (project / "variables.json").write_text(json.dumps(self.variables))
        python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        play = {"hosts": "all", "gather_facts": False, "vars": python, "vars_files": ["variables.json"]}
        (project / "play.yml").write_text(yaml.safe_dump([{**play, "tasks": self.tasks}], sort_keys=False))
        return "play.yml"


def mistakes(module: Module, scene: Scene, canaries: Canaries) -> Iterator[tuple[str, dict[str, Any]]]:
    """Wrong arguments that have a secret in them, or in the place of something else."""
    token = canaries.chosen("a secret in a wrong place")
    options = dict(scene.options)
    yield "a secret for a number", {**options, "api_timeout": token, **_credential(module, token)}
    if module.kind == "info":
        return
    resource = module.service.resource  # type: ignore[attr-defined]  # what is no info module has a service
    secret = next((option.name for option in resource.options if option.secret), None)
    # In a mapping on one line that makes a key of it, without a value.
    no_blank = {f"{secret or 'company'}:{token}": None}
    if module.kind == "one":
        yield "a secret for a choice", {**options, "state": token, **_credential(module, token)}
        yield "no blank after a colon", {**options, **no_blank}
        return
    (entry,) = options[resource.plural]
    given = {**entry, secret or "company": token}
    # A kind of object without secrets gets a credential into its entries.
    options = options if secret else {**options, **_credential(module, token)}
    wrong: dict[str, Any] = {
        "an unknown option beside a secret": [{**given, "unheard_of": True}],
        "no blank after a colon": [{**entry, **no_blank}],
        "no blank after an equals sign": [{**entry, f"{secret or 'company'}={token}": None}],
        "no blank after a colon, and a comma": [{**entry, **no_blank, token[5:15]: None}],
        "a mapping for a list": given,
        "a list in a list": [[given]],
        "a text for a mapping": [f"{given}"],
        "a text for a list": json.dumps(given),
        "broken JSON for a list": json.dumps([given])[:-1],
        "key=value for a mapping": [f"{secret}={token} state=nowhere"],
        "a list for a secret": [{**given, secret or "company": [token]}],
        "a mapping for a secret": [{**given, secret or "company": {"text": token}}],
        "a secret for a choice": [{**given, "state": token}],
        "a number among the entries": [given, 1],
    }
    for name, value in wrong.items():
        yield name, {**options, resource.plural: value}


def _credential(module: Module, token: str) -> dict[str, str]:
    """The same secret where it belongs, so that the module can know it."""
    return {next(credential.option for credential in module.platform.credentials if credential.secret): token}
