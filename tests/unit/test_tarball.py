# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found in a built collection that should not be there, or is missing."""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

import tarball

CHECKOUT = {name.rstrip("/") + ("/one.yml" if name.endswith("/") else "") for name in tarball.FOR_USERS}
BUILT = CHECKOUT | tarball.MADE_BY_BUILD


def test_all_that_users_need_is_all_there_is() -> None:
    assert list(tarball.wrong_files({*CHECKOUT, "tests/unit/test_it.py"}, BUILT)) == []


@pytest.mark.parametrize(
    "name",
    ["tests/unit/test_it.py", ".github/CODEOWNERS", "changelogs/fragments/one.yml", "plugins/__pycache__/one.pyc"],
)
def test_what_is_not_for_users_is_found(name: str) -> None:
    (found,) = tarball.wrong_files(CHECKOUT, {*BUILT, name})
    assert found.startswith(f"{name} is not for users")


def test_what_is_missing_is_found() -> None:
    found = list(tarball.wrong_files({*CHECKOUT, "examples/two.yml"}, BUILT - {"LICENSE"}))
    assert found == ["LICENSE is missing", "examples/two.yml is missing", "LICENSE is missing, in the checkout too"]


@pytest.mark.parametrize(
    "target", ["guide.md", "images/a.svg#part", "../examples", "#heading", "https://example.com/x"]
)
def test_a_link_to_what_is_there_or_elsewhere_is_right(target: str) -> None:
    built = {"docs/README.md", "docs/guide.md", "docs/images/a.svg", "examples/tenants/inventory.yml"}
    assert list(tarball.wrong_links({"docs/README.md": f"See [this]({target})."}, built)) == []


def test_a_link_to_what_is_left_out_is_found() -> None:
    found = list(
        tarball.wrong_links({"docs/README.md": "Title\n=====\n\n[It](../CONTRIBUTING.md)."}, {"docs/README.md"})
    )
    assert found == ["docs/README.md:4: ../CONTRIBUTING.md is not in the tarball"]


def test_what_git_does_not_keep_is_never_published() -> None:
    """A build in a clone takes what it finds: secrets that were made by following a guide, reports, exports."""
    root = Path(__file__).resolve().parents[2]
    left_out = yaml.safe_load((root / "galaxy.yml").read_text())["build_ignore"]
    folders = re.findall(r"^/([^/\n]+)/$", (root / ".gitignore").read_text(), re.MULTILINE)
    assert "secrets" in folders
    assert set(folders) <= set(left_out)


def write(file: Path, contents: Mapping[str, str]) -> None:
    with tarfile.open(file, "w:gz") as archive:
        for name, text in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))


def test_a_tarball_is_compared_with_a_checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkout = tmp_path / "checkout"
    for name in CHECKOUT:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("[contents](docs/one.yml)" if name == "README.md" else "")
    write(tmp_path / "right.tar.gz", {**dict.fromkeys(BUILT, ""), "README.md": "[contents](docs/one.yml)"})
    assert tarball.main(checkout, tmp_path / "right.tar.gz") == 0
    write(tmp_path / "wrong.tar.gz", {**dict.fromkeys(BUILT, ""), "README.md": "[tests](tests/README.md)"})
    assert tarball.main(checkout, tmp_path / "wrong.tar.gz") == 1
    assert "README.md:1: tests/README.md is not in the tarball" in capsys.readouterr().out
