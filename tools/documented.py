# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether ansible-doc, asked once, shows every module, filter, lookup and role of an installed collection.

Usage: documented.py DIRECTORY_OF_THE_COLLECTION
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

KINDS = ("filter", "lookup", "module")


def expected(collection: Path) -> dict[str, set[str]]:
    """The full names of what has documentation, by kind."""
    files = {kind: collection.glob(f"plugins/{folder(kind)}/*.py") for kind in KINDS}
    files["role"] = collection.glob("roles/*")
    return {kind: {f"dataops.access.{path.stem}" for path in paths} for kind, paths in files.items()}


def folder(kind: str) -> str:
    return "modules" if kind == "module" else kind


def wrong(expected: Mapping[str, set[str]], told: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[str]:
    """What is not shown; `told` is what ``ansible-doc --metadata-dump`` has below ``all``."""
    for kind, names in expected.items():
        shown = told.get(kind, {})
        for name in sorted(names - shown.keys()):
            yield f"{kind} {name}: ansible-doc does not know it"
        for name, entry in sorted(shown.items()):
            if "error" in entry or not (entry.get("doc") or entry.get("entry_points")):
                yield f"{kind} {name}: {entry.get('error', 'has no documentation')}"


def main(collection: Path) -> int:
    command = ["ansible-doc", "--metadata-dump", "--no-fail-on-errors", "dataops.access"]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["all"]
    names = expected(collection)
    found = list(wrong(names, told))
    counts = ", ".join(f"{kind} {len(names[kind])}" for kind in sorted(names))
    print(f"ansible-doc: {counts}, {len(found)} not shown")
    print("".join(f"{line}\n" for line in found), end="")
    return bool(found) or not all(names.values())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
