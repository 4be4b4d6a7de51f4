# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an object is declared: the line that a reviewer would open."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.audit.locations import (
    Declarations,
    candidates,
    located,
    project_root,
)
from unit.audit.results import change, result, tenant

INVENTORY = """\
all:
  hosts:
    ds:
      datasentinel_users:
        - email: Joann@example.com
        - email: Ann@example.com  # the head
    ds-2:
      datasentinel_users:
        - {email: zoe@example.com}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yml").write_text(INVENTORY)
    return tmp_path


def declarations(project: Path, host: str, groups: tuple[str, ...] = ("all",)) -> Declarations:
    inventory = project / "inventory"
    files = candidates(host, groups, [str(inventory / "hosts.yml")], [str(inventory)])
    return Declarations(host, files, project_root(str(inventory)))


@pytest.mark.parametrize(
    ("host", "names", "line"),
    [
        ("ds", ["ann@example.com"], 6),
        ("ds", ["joann@example.com"], 5),
        ("ds", ["Acme/ann@example.com", "ann@example.com"], 6),
        ("ds", ["zoe@example.com"], 3),  # declared for another tenant: here it is only the tenant that is known
        ("ds", [], 3),
        ("ds-2", ["zoe@example.com"], 9),
    ],
)
def test_the_line_of_the_declaration(project: Path, host: str, names: list[str], line: int) -> None:
    assert declarations(project, host).locate(names) == {"file": "inventory/hosts.yml", "line": line}


def test_the_variables_of_the_host_come_first(project: Path) -> None:
    folder = project / "inventory" / "host_vars" / "ds"
    folder.mkdir(parents=True)
    (folder / "users.yml").write_text("datasentinel_users:\n  - {email: ann@example.com}\n")
    assert declarations(project, "ds").locate(["ann@example.com"]) == {
        "file": "inventory/host_vars/ds/users.yml",
        "line": 2,
    }


@pytest.mark.parametrize("content", ["$ANSIBLE_VAULT;1.1;AES256\nann@example.com", "\xff\xfe"])
def test_what_cannot_be_read_is_passed_over(project: Path, content: str) -> None:
    folder = project / "inventory" / "host_vars"
    folder.mkdir()
    (folder / "ds.yml").write_text(content, encoding="latin-1")
    assert declarations(project, "ds").locate(["ann@example.com"]) == {"file": "inventory/hosts.yml", "line": 6}


def test_nothing_is_known_of_a_host_that_no_file_names(project: Path) -> None:
    assert declarations(project, "elsewhere").locate(["nobody@example.com"]) is None


def test_every_finding_gets_its_location(project: Path) -> None:
    record = tenant(result(change("ann@example.com", "update", comment=("a", "b"))))
    (item,) = located(record, declarations(project, "ds"))["findings"]
    assert item["location"] == {"file": "inventory/hosts.yml", "line": 6}
