# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a built collection holds what its users need, and nothing else.

Usage: tarball.py CHECKOUT TARBALL

What is for users is listed here, what is not in `build_ignore` of galaxy.yml: a file that is in neither list is found,
as is a link from a file in the tarball to one that is not.
"""

from __future__ import annotations

import posixpath
import sys
import tarfile
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from docsite import markdown

# Folders end with a slash.
FOR_USERS = (
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "awx/",
    "changelogs/changelog.yaml",
    "changelogs/config.yaml",
    "docs/",
    "examples/",
    "extensions/",
    "meta/",
    "playbooks/",
    "plugins/",
    "roles/",
)
MADE_BY_BUILD = {"FILES.json", "MANIFEST.json"}


def is_for_users(name: str) -> bool:
    return any(name.startswith(each) if each.endswith("/") else name == each for each in FOR_USERS)


def wrong_files(checkout: Set[str], built: Set[str]) -> Iterator[str]:
    """What the tarball has too much or too little, by the names of the files in both."""
    expected = {name for name in checkout if is_for_users(name)} | MADE_BY_BUILD
    for name in sorted(built - expected):
        yield f"{name} is not for users: name it in build_ignore of galaxy.yml, or in FOR_USERS of tools/tarball.py"
    for name in sorted(expected - built):
        yield f"{name} is missing"
    for each in FOR_USERS:
        if not any(name.startswith(each) for name in built):
            yield f"{each} is missing, in the checkout too"


def wrong_links(pages: Mapping[str, str], built: Set[str]) -> Iterator[str]:
    """The relative links of files of Markdown, by name, that lead to what the tarball does not hold."""
    places = built | {parent.as_posix() for name in built for parent in Path(name).parents}
    for page, text in sorted(pages.items()):
        for link in markdown.read(text).links:
            address = link.target.partition("#")[0]
            if not address or ":" in address:
                continue
            if posixpath.normpath(posixpath.join(posixpath.dirname(page), address)) not in places:
                yield f"{page}:{link.line}: {link.target} is not in the tarball"


def main(checkout: Path, tarball: Path) -> int:
    known = {path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if path.is_file()}
    with tarfile.open(tarball) as archive:
        members = {member.name: member for member in archive if not member.isdir()}
        pages = {
            name: content.read().decode()
            for name, member in members.items()
            if name.endswith(".md") and (content := archive.extractfile(member)) is not None
        }
    found = [*wrong_files(known, members.keys()), *wrong_links(pages, members.keys())]
    print(f"{tarball.name}: {len(members)} files, {tarball.stat().st_size // 1024} KiB, {len(found)} wrong")
    print("".join(f"{line}\n" for line in found), end="")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
