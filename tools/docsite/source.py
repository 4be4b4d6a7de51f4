# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the sources of the site's guides: the files of Markdown, with links that hold there, and the list of contents.

Usage: python -m docsite.source DIRECTORY
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from . import pages

_BESIDE = (".json", ".svg", ".png")


def write(place: Path, root: Path = pages.ROOT) -> None:
    """Write all of it into the new folder `place`."""
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    for page, name in pages.names(root).items():
        (place / f"{name}.md").write_text(pages.text_on_site(page, root))
    for path in (root / "docs").rglob("*"):
        if path.suffix in _BESIDE:
            copy = place / path.relative_to(root / "docs")
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, copy)
    shutil.copyfile(Path(__file__).with_name("ansible-core.rst"), place / "ansible-core.rst")
    with (place / "index.md").open("a") as index:
        index.writelines(_toctree(section) for section in pages.sections(root))
        index.write(
            _toctree(pages.Section("Reference", (f"Modules, roles, plugins <{pages.REFERENCE}/index>", "ansible-core")))
        )


def _toctree(section: pages.Section) -> str:
    below = "\n".join(section.names)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {section.title}\n\n{below}\n```\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
