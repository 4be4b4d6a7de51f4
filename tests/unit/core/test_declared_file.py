# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that is no declared list is an error that names it, whatever it holds."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils.core import declared_yaml
from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError


@pytest.mark.parametrize("name", ["users.yml", "users.json"])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "{}",
        "[1]",
        "- {email: 2024-13-45}",
        "- {1: one}",
        "[" * 200_000,
        "- " * 200_000,
        "{a: " * 20_000,
        "- {email: *nobody}",
        '["a"',
        "\xff",
    ],
)
def test_what_is_no_list_of_options(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="latin-1")
    with pytest.raises(ValidationError, match=r"^users_file: .*users\.(yml|json)"):
        read_list(str(file), "users_file")


@pytest.mark.parametrize("name", ["users.yml", "users.json"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_json_is_read_under_either_name(tmp_path: Path, name: str, start: str) -> None:
    entries = [{"email": "ana@example.com", "roles": ["a", "ß"], "ldap": False, "comment": None}]
    (tmp_path / name).write_text(start + json.dumps(entries), encoding="utf-8")
    assert read_list(str(tmp_path / name), "users_file") == entries


def test_yaml_without_libyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared_yaml, "LOADER", yaml.SafeLoader)
    (tmp_path / "users.yml").write_text(
        "- &ana {email: ana@example.com}\n- *ana\n- email: leo@example.com\n  roles: [a]\n"
    )
    assert read_list(str(tmp_path / "users.yml"), "users_file") == [
        {"email": "ana@example.com"},
        {"email": "ana@example.com"},
        {"email": "leo@example.com", "roles": ["a"]},
    ]


def test_a_relative_path_says_where_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValidationError, match=rf"^users_file: users.json cannot be read: .*; .* begins in {tmp_path}$"):
        read_list("users.json", "users_file")


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "absent", "x" * 300, "nul\0inside", "."):
        with pytest.raises(ValidationError, match=r"^users_file: "):
            read_list(str(tmp_path / name), "users_file")
