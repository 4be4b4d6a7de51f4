# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are pages of the site, in which order, and where links between them lead."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import markdown

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/dataops-collections/access/"
# How an address begins that shows a file of the repository.
_SHOWN = (
    f"{REPOSITORY}blob/main/",
    f"{REPOSITORY}tree/main/",
    "https://raw.githubusercontent.com/dataops-collections/access/main/",
)
# The guides' list of contents, which the site's own is made of.
CONTENTS = "docs/README.md"
# Where antsibull-docs writes, below the site's sources.
REFERENCE = "reference"
# Those that are not in docs/.
ELSEWHERE = {
    "awx/README.md": "awx",
    "examples/tenants/README.md": "example-tenants",
    "examples/awx_project/README.md": "example-awx-project",
    "tests/emulator/README.md": "emulator-reference",
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
    "SECURITY.md": "security",
}

_CALLED_BY_FILE = re.compile(r"\[[\w/.-]+\.md\]\((?=[\w-]+\.md)")


@dataclass(frozen=True)
class Section:
    """A heading of the list of contents, and the names of the pages below it."""

    title: str
    names: tuple[str, ...]


def names(root: Path = ROOT) -> dict[str, str]:
    """Every page: its file, relative to the root, and its name on the site."""
    guides = {path.relative_to(root).as_posix(): path.stem for path in sorted((root / "docs").glob("*.md"))}
    return {**guides, CONTENTS: "index", **ELSEWHERE}


def split(target: str) -> tuple[str, str]:
    """A link's address and its anchor, which has its `#`."""
    address, mark, anchor = target.partition("#")
    return address, mark + anchor


def in_repository(page: str, address: str) -> str | None:
    """The file or folder that a link in the file `page` means, relative to the root; None where it leads elsewhere."""
    for begin in _SHOWN:
        if address.startswith(begin):
            return posixpath.normpath(address.removeprefix(begin))
    if "://" in address or address.startswith("mailto:"):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), address)) if address else page


def on_site(page: str, target: str, root: Path = ROOT) -> str:
    """Where a link of the file `page` leads on the site: to a page, a file beside the guides, or the repository."""
    address, anchor = split(target)
    found = in_repository(page, address)
    if found is None or not address:
        return target
    known = names(root)
    name = known.get(found) or known.get(posixpath.join(found, "README.md"))
    if name is not None:
        return f"{name}.md{anchor}"
    if found.startswith("docs/"):
        return found.removeprefix("docs/") + anchor
    view = "tree" if (root / found).is_dir() else "blob"
    return f"{REPOSITORY}{view}/main/{found}{anchor}"


def text_on_site(page: str, root: Path = ROOT) -> str:
    """The text of the file `page` as a page of the site."""
    text = (root / page).read_text()
    targets = {link.target for link in markdown.read(text).links}
    made = markdown.with_links(text, {target: on_site(page, target, root) for target in targets})
    # A page that is called by its file here is called by its title there.
    return _CALLED_BY_FILE.sub("[](", made)


def sections(root: Path = ROOT) -> list[Section]:
    """The list of contents; pages of docs/ that it does not name stand at the end of its last section."""
    found: list[tuple[str, list[str]]] = []
    for heading, targets in _listed((root / CONTENTS).read_text()):
        pages = [on_site(CONTENTS, target, root) for target in targets]
        found.append(
            (heading, [page.removesuffix(".md") for page in pages if page.endswith(".md") and "/" not in page])
        )
    listed = {name for _title, below in found for name in below}
    found[-1][1].extend(name for name in names(root).values() if name not in {*listed, "index"})
    return [Section(title, tuple(below)) for title, below in found]


def _listed(text: str) -> Iterator[tuple[str, list[str]]]:
    """The headings of the second level, and the targets of the links below each."""
    for part in text.split("\n## ")[1:]:
        heading, _end, below = part.partition("\n")
        yield heading.strip(), [link.target for link in markdown.read(below).links]
