# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that is no declared list is an error that names it, whatever it holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError


@pytest.mark.parametrize("name", ["users.yml", "users.json"])
@pytest.mark.parametrize(
    "content",
    ["", "null", "{}", "[1]", "- {email: 2024-13-45}", "- {1: one}", "[" * 3000, "- {email: *nobody}", '["a"', "\xff"],
)
def test_what_is_no_list_of_options(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="latin-1")
    with pytest.raises(ValidationError, match=r"^users_file: .*users\.(yml|json)"):
        read_list(str(file), "users_file")


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "absent", "x" * 300, "nul\0inside", "."):
        with pytest.raises(ValidationError, match=r"^users_file: "):
            read_list(str(tmp_path / name), "users_file")
