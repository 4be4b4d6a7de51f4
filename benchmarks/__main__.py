# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures, compares, and says what was promised and is not kept.

The substrings choose groups by name. `--document` puts the figures into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks import figures, groups, page, promises, ratios
from benchmarks.measure import Failed, Measured, Server, median
from benchmarks.play import Ansible
from benchmarks.work import Site
from emulation import emulator

PARTS = {"promises": groups.promises, "matrix": groups.matrix}


def measure(chosen: list[groups.Group], rounds: int, folder: Path) -> figures.Figures:
    """Every variant of every group once in each round; the medians."""
    found: dict[tuple[str, int, str], list[Measured]] = {}
    with ExitStack() as stack:
        sites = {}
        for latency in sorted({group.latency for group in chosen}):
            ready = stack.enter_context(emulator("--latency-ms", str(latency)))
            sites[latency] = Site(Server(ready.url), Ansible(folder / "play"))
        for number in range(1, rounds + 1):
            for group in chosen:
                if number > group.rounds:
                    continue
                print(f"round {number} of {rounds}: {group.name}, {group.latency} ms", file=sys.stderr, flush=True)
                site = sites[group.latency]
                for variant in group.variants:
                    site.server.reset({})
                    key = (group.name, group.latency, variant.name)
                    try:
                        found.setdefault(key, []).append(variant.run(site))
                    except Failed as failure:
                        print(f"{variant.name}: {failure}", file=sys.stderr, flush=True)
    return figures.Figures(
        [
            figures.Line(
                group.name,
                group.latency,
                variant.name,
                variant.objects,
                variant.least,
                median(found[group.name, group.latency, variant.name]),
            )
            for group in chosen
            for variant in group.variants
            if found.get((group.name, group.latency, variant.name))
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--document", action="store_true")
    parser.add_argument("names", nargs="*", metavar="SUBSTRING")
    options = parser.parse_args()
    chosen = [
        group
        for part, make in PARTS.items()
        if options.only in (None, part)
        for group in make()
        if not options.names or any(name in group.name for name in options.names)
    ]
    measured = measure(chosen, options.rounds, options.into)
    kept = promises.kept(measured)
    (options.into / "figures.json").write_text(json.dumps({"lines": measured.as_list(), "promises": kept}, indent=2))
    from benchmarks import plot  # only now: what a child needs at most begins with what this process has

    picture = options.into / "performance.svg"
    plot.draw(measured, picture)
    tables = promises.table(kept), ratios.table(measured) + measured.table()
    print(*reversed(tables), sep="\n")
    if options.document:
        page.write(*tables, picture)
    return 0 if all(one["kept"] for one in kept) else 1


if __name__ == "__main__":
    sys.exit(main())
