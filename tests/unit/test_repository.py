# SPDX-License-Identifier: GPL-3.0-or-later
"""What the repository offers to those who contribute: hooks, forms and owners that lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def test_every_hook_runs_a_tool_of_the_repository() -> None:
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert len({hook["id"] for hook in hooks}) == len(hooks) > 0
    for hook in hooks:
        words = [word for word in shlex.split(hook["entry"]) if word != "env" and "=" not in word]
        assert words[0].startswith("tools/")
        assert os.access(ROOT / words[0], os.X_OK)
        assert hook["language"] == "system"


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one(form: Path) -> None:
    read = yaml.safe_load(form.read_text())
    assert read["name"]
    assert read["description"]
    asked = [item for item in read["body"] if item["type"] != "markdown"]
    assert {item["type"] for item in asked} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert len({item["id"] for item in asked}) == len(asked) > 0
    assert all(item["attributes"]["label"] for item in asked)


def test_what_has_an_owner_is_there() -> None:
    lines = (ROOT / ".github" / "CODEOWNERS").read_text().splitlines()
    owned = [line.split() for line in lines if line and not line.startswith("#")]
    assert owned[0][0] == "*"
    for path, *owners in owned:
        assert owners
        assert all(re.fullmatch(r"@dataops-collections/\w+", owner) for owner in owners)
        assert path == "*" or (ROOT / path.strip("/")).exists(), path
