# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether links lead somewhere: those of every file of Markdown, or those of a site that was built.

No network is asked: of addresses elsewhere only the form is looked at.

Usage: python -m docsite.check [--site DIRECTORY]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import markdown, pages

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# What Galaxy and Automation Hub show: there, nothing else of the repository is beside it.
_SHOWN_ALONE = ("README.md",)


def malformed(address: str) -> str | None:
    """What is wrong with the form of an address elsewhere."""
    if address.startswith("mailto:"):
        return None if re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", address) else "is no e-mail address"
    try:
        parts = urlsplit(address)
    except ValueError as problem:
        return str(problem)
    if parts.scheme != "https":
        return "is not https"
    return None if _HOST.fullmatch(parts.netloc) else "has no host that the world knows"


def files(root: Path) -> list[str]:
    """Every file of Markdown that git knows or would add, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    said = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in said.split("\0") if name and (root / name).is_file())


class Repository:
    """Files of Markdown below one folder, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.text = cache(self._text)
        self.links = 0

    def _text(self, name: str) -> markdown.Text:
        return markdown.read((self.root / name).read_text())

    def wrong(self, page: str) -> Iterator[str]:
        """What is wrong with each link of a file."""
        for link in self.text(page).links:
            self.links += 1
            reason = self._reason(page, link.target)
            if reason is not None:
                yield f"{page}:{link.line}: {link.target} {reason}"

    def _reason(self, page: str, target: str) -> str | None:
        address, anchor = pages.split(target)
        found = pages.in_repository(page, unquote(address))
        if found is None:
            return malformed(target)
        if page in _SHOWN_ALONE and address and "://" not in address:
            return "is relative, and leads nowhere where the file is shown alone"
        if found.startswith("..") or not (self.root / found).exists():
            return "does not exist"
        if anchor and found.endswith(".md") and unquote(anchor[1:]) not in self.text(found).anchors:
            return "has no such heading"
        return None


class _Page(HTMLParser):
    """What a page of HTML refers to, and what can be referred to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one tag refers to, and is called."""
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            elif name in ("href", "src") and value and tag != "link":
                self.targets.add(value)


def wrong_on_site(site: Path) -> Iterator[str]:
    """What is wrong with each link within a site."""
    read = {path: _Page(path.read_text()) for path in sorted(site.rglob("*.html"))}
    for path, page in read.items():
        for target in sorted(page.targets):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or target == "#":
                continue
            found = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not found.exists():
                yield f"{path.relative_to(site)}: {target} does not exist"
            elif anchor and found in read and anchor not in read[found].anchors:
                yield f"{path.relative_to(site)}: {target} has no such anchor"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="docsite.check", description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, metavar="DIRECTORY")
    site = parser.parse_args(arguments).site
    if site is not None:
        found = list(wrong_on_site(site.resolve()))
    else:
        repository = Repository(pages.ROOT)
        listed = files(pages.ROOT)
        found = [line for name in listed for line in repository.wrong(name)]
        print(f"{repository.links} links of {len(listed)} files of Markdown, {len(found)} wrong")
    print("".join(f"{line}\n" for line in found), end="")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
