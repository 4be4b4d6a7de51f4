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
    monkeypatch.setattr(declared_yaml, "LOADER", declared_yaml.without_traps(yaml.SafeLoader))
    (tmp_path / "users.yml").write_text(
        "- &ana {email: ana@example.com}\n- *ana\n- email: leo@example.com\n  roles: [a]\n"
    )
    assert read_list(str(tmp_path / "users.yml"), "users_file") == [
        {"email": "ana@example.com"},
        {"email": "ana@example.com"},
        {"email": "leo@example.com", "roles": ["a"]},
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "users.yml",
            "- email: ada@example.com\n  state: absent\n  email: cyd@example.com\n",
            "line 3: 'email'",
        ),
        (
            "users.yml",
            "- {email: bob@example.com, privilege: read,\n  'privilege': admin}\n",
            "line 2: 'privilege'",
        ),
        ("users.yml", "- {roles: {a: 1, b: 2, a: 3}}\n", "line 1: 'a'"),
        ("users.yml", "- {&key email: ada@example.com, *key : cyd@example.com}\n", "line 1: 'email'"),
        ("users.yml", "- {password:Hunter2: , password:Hunter2: }\n", "line 1: 'password…'"),
        (
            "users.json",
            '[{"email": "ada@example.com", "state": "absent", "email": "cyd@example.com"}]',
            "'email'",
        ),
        ("users.json", '[{"email": "a@example.com", "roles": {"a": 1, "a": 2}}]', "'a'"),
    ],
)
def test_what_stands_twice_in_an_entry_is_refused(tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ValidationError) as refused:
        read_list(str(tmp_path / name), "users_file")
    assert (
        refused.value.message == f"users_file: {tmp_path / name}: {says} stands twice in one mapping; keep one of them"
    )


@pytest.mark.parametrize("loader", [declared_yaml.LOADER, declared_yaml.without_traps(yaml.SafeLoader)])
def test_aliases_and_merges_are_ordinary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loader: type[yaml.SafeLoader]
) -> None:
    monkeypatch.setattr(declared_yaml, "LOADER", loader)
    text = """
- &base {email: ada@example.com, roles: &roles [a, b], privilege: read}
- {<<: *base, email: bob@example.com}
- {<<: *base, <<: {comment: x}, email: cyd@example.com}
- {email: dan@example.com, roles: *roles, other: *roles}
"""
    many = "".join(f"- {{<<: *base, email: u{number}@example.com}}\n" for number in range(1000))
    (tmp_path / "users.yml").write_text(text + many)
    base = {"email": "ada@example.com", "roles": ["a", "b"], "privilege": "read"}
    found = read_list(str(tmp_path / "users.yml"), "users_file")
    assert found[:4] == [
        base,
        {**base, "email": "bob@example.com"},
        {**base, "comment": "x", "email": "cyd@example.com"},
        {"email": "dan@example.com", "roles": ["a", "b"], "other": ["a", "b"]},
    ]
    assert found[4:] == [{**base, "email": f"u{number}@example.com"} for number in range(1000)]


def bomb(option: str) -> str:
    levels = ["&a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    levels += [f"&a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 9)]
    return f"- email: a@example.com\n  {option}:\n" + "".join(f"    - {level}\n" for level in levels)


MERGES = "- &m0 {email: a@example.com}\n" + "".join(
    f"- &m{level} {{<<: [{', '.join([f'*m{level - 1}'] * 9)}]}}\n" for level in range(1, 9)
)
TOO_MUCH = ": its aliases stand for more values than any list needs; write them out"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bomb("roles"), f": line 8{TOO_MUCH}"),
        (bomb("password"), f": line 8{TOO_MUCH}"),
        (MERGES, f": line 6{TOO_MUCH}"),
        ("- email: a@example.com\n  password: &r [x, *r]\n", ": line 2: an alias stands inside of what it stands for"),
        ("- &a {email: a@example.com, comment: *a}\n", ": line 1: an alias stands inside of what it stands for"),
        ("&l\n- email: a@example.com\n- *l\n", ": line 3: an alias stands inside of what it stands for"),
        (f"- password: 0x{'f' * 5000}\n", " is no YAML: error in line 1"),
        (f"- password: 0b{'1' * 5000}\n", " is no YAML: error in line 1"),
        (f"- password: {'7' * 5000}\n", " is no YAML: error in line 1"),
        ("- valid_from: !!timestamp soon\n", " is no YAML: error"),
        ("- password: !!int ''\n", " is no YAML: error"),
        ("- ldap: !!bool perhaps\n", " is no YAML: error"),
    ],
)
@pytest.mark.parametrize("loader", [declared_yaml.LOADER, declared_yaml.without_traps(yaml.SafeLoader)])
def test_what_grows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, says: str, loader: type[yaml.SafeLoader]
) -> None:
    monkeypatch.setattr(declared_yaml, "LOADER", loader)
    file = tmp_path / "users.yml"
    file.write_text(content)
    with pytest.raises(ValidationError) as refused:
        read_list(str(file), "users_file")
    assert refused.value.message.startswith(f"users_file: {file}{says}")


def test_no_number_is_in_base_60(tmp_path: Path) -> None:
    times = {"comment": "12:30:45", "password": f"1{':59' * 2000}.5", "roles": ["-1:30", "1:59.5"]}
    numbers = {"a": 12, "b": -1000, "c": 8, "d": 31, "e": 1.5, "f": -1e5, "g": "1e5"}
    (tmp_path / "users.yml").write_text(
        f"- {{comment: 12:30:45, password: 1{':59' * 2000}.5, roles: [-1:30, !!float 1:59.5]}}\n"
        "- {a: 12, b: -1_000, c: 010, d: 0x1F, e: 1.5, f: -1.0e+5, g: 1e5}\n"
    )
    assert read_list(str(tmp_path / "users.yml"), "users_file") == [times, numbers]


def test_json_is_no_deeper_than_yaml(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text('[{"password": ' + "[" * 300 + "]" * 300 + "}]")
    with pytest.raises(ValidationError, match=r"users.json is no JSON"):
        read_list(str(tmp_path / "users.json"), "users_file")


def test_a_relative_path_says_where_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValidationError, match=rf"^users_file: users.json cannot be read: .*; .* begins in {tmp_path}$"):
        read_list("users.json", "users_file")


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "absent", "x" * 300, "nul\0inside", "."):
        with pytest.raises(ValidationError, match=r"^users_file: "):
            read_list(str(tmp_path / name), "users_file")
