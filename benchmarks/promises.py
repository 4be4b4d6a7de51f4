# SPDX-License-Identifier: GPL-3.0-or-later
"""What this collection promises about its speed: each a figure and its limit, both from one run."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import startup
from benchmarks.figures import Figures
from benchmarks.groups import (
    FEW,
    FOR_ONE,
    FROM_FILE,
    LOOPS,
    LOOPS_AT_ONCE,
    SCRIPT,
    SINGULAR,
    SOME,
    WITHOUT_TASK,
)
from benchmarks.kinds import KINDS
from benchmarks.ratios import beyond_latency
from benchmarks.work import CONNECTIONS

SAME = "no change of 10,000"
GROWTH = "growth of a file"
TENANTS = "100 tenants of 100 users"
CREATE = f"create 1,000 {KINDS[0].name}"
NEAR = f"{CREATE}, at once"
PLURAL = "the plural module"
IDLE = "a module that does nothing"
# Machines differ by their speed and from hour to hour. What is to be so many milliseconds of work is compared with the
# CPU time of a request by requests in the same run: one of a thousand, by eight threads, 20 ms away. Where the
# limits were set, that was so many milliseconds.
REFERENCE_MS = 0.83
OVER_ONE = "over the CPU time of a request by requests"


@dataclass(frozen=True)
class Promise:
    """``value`` is to be at most ``limit``; it raises LookupError where something was not measured."""

    name: str
    limit: float
    value: Callable[[Figures], float]


def _per_object(figures: Figures, variant: str, objects: int) -> float:
    return figures.above(LOOPS, variant) / objects


def _request(figures: Figures) -> float:
    """Seconds of CPU that requests takes for one request on this machine: what its other times are compared with."""
    many, one = (figures.get(CREATE, variant) for variant in (SCRIPT, FOR_ONE))
    return (many.cpu - one.cpu) / (many.requests - one.requests)


def _exponent(figures: Figures, value: Callable[[str], float]) -> float:
    return math.log(value("100,000") / value("1,000"), 100)


def _promises() -> list[Promise]:
    made = []
    for kind in (kind for kind in KINDS if kind.script):
        group, least = f"create 1,000 {kind.name}", 1_002 + (kind.platform == "datasentinel")
        made += [
            Promise(
                f"{group}: wall time above the play without its task, over that of a script with requests",
                1.2,
                lambda figures, group=group: (
                    figures.above(group, PLURAL, below=WITHOUT_TASK) / figures.get(group, SCRIPT).wall
                ),
            ),
            Promise(
                f"{group} from a file: wall time above an empty play, over that of a script with requests",
                1.2,
                lambda figures, group=group: figures.above(group, FROM_FILE) / figures.get(group, SCRIPT).wall,
            ),
            Promise(
                f"{group}: requests",
                least,
                lambda figures, group=group: figures.get(group, PLURAL).requests,
            ),
            Promise(
                f"{group}: connections",
                CONNECTIONS,
                lambda figures, group=group: figures.get(group, PLURAL).connections,
            ),
        ]
    made.append(
        Promise(
            f"the emulator: CPU for a request, {OVER_ONE} (3,000 requests a second)",
            1000 / 3000 / REFERENCE_MS,
            lambda figures: (
                figures.get(NEAR, PLURAL, 0).server_cpu / figures.get(NEAR, PLURAL, 0).requests / _request(figures)
            ),
        )
    )
    made += [
        Promise(
            "an object by the plural module (1,000), over one by a loop of ansible.builtin.uri",
            1 / 150,
            lambda figures: (
                figures.above(CREATE, PLURAL) / 1_000 / _per_object(figures, "a loop of ansible.builtin.uri", FEW)
            ),
        ),
        Promise(
            "200 objects by the plural module, over those by a loop of the singular one",
            1,
            lambda figures: figures.above(LOOPS, PLURAL) / figures.above(LOOPS, SINGULAR),
        ),
        # In plain milliseconds: most of them are Ansible's own, and what it takes longer after each wait does not grow
        # with the CPU time of a request.
        Promise(
            "an item of a loop of the singular module: milliseconds above the latency of its requests",
            15,
            lambda figures: beyond_latency(figures, LOOPS, SINGULAR, SOME),
        ),
        Promise(
            f"an item of a loop of the singular module, server at once, {OVER_ONE}",
            15 / REFERENCE_MS,
            lambda figures: beyond_latency(figures, LOOPS_AT_ONCE, SINGULAR, SOME) / 1000 / _request(figures),
        ),
        Promise(
            "the same with a process for each item, over a module that does nothing, without latency",
            1.35,
            lambda figures: (
                beyond_latency(figures, LOOPS, f"{SINGULAR}, processes apart", FEW)
                / beyond_latency(figures, LOOPS, "a loop of a module that does nothing", FEW)
            ),
        ),
        Promise(
            "10,000 users as they are: CPU over that of a module that does nothing",
            1,
            lambda figures: figures.get(SAME, PLURAL).cpu / figures.get(SAME, IDLE).cpu,
        ),
        Promise("10,000 users as they are: requests", 2, lambda figures: figures.get(SAME, PLURAL).requests),
        Promise(
            "10,000 users as they are: MiB of the module's process",
            200,
            lambda figures: figures.get(SAME, "the module's process").peak,
        ),
        Promise(
            "10,000 users as they are, from a file: seconds above an empty play",
            2,
            lambda figures: figures.above(SAME, FROM_FILE),
        ),
        Promise(
            "100,000 users as they are, from a file: seconds above an empty play",
            20,
            lambda figures: figures.above(GROWTH, "100,000"),
        ),
        Promise(
            "growth of time from 1,000 to 100,000 users: exponent",
            1.1,
            lambda figures: _exponent(figures, lambda size: figures.above(GROWTH, size)),
        ),
        Promise(
            "growth of memory from 1,000 to 100,000 users: exponent",
            1.1,
            lambda figures: _exponent(figures, lambda size: figures.get(GROWTH, size).peak),
        ),
        *(
            Promise(
                f"check mode, {drift}: wall time over that of no change",
                1.2,
                lambda figures, drift=drift: (
                    figures.get(SAME, f"check mode, {drift}").wall / figures.get(SAME, PLURAL).wall
                ),
            )
            for drift in ("half drifted", "all drifted")
        ),
        *(
            Promise(
                f"import of {name}, above that of requests and AnsibleModule, {OVER_ONE}",
                60 / REFERENCE_MS,
                lambda figures, name=name: figures.get("import", name).cpu / _request(figures),
            )
            for name in startup.RUNS
        ),
        Promise(
            "100 tenants of 100 users: wall time over that of a role that does nothing",
            2,
            lambda figures: (
                figures.get(TENANTS, "the role").wall / figures.get(TENANTS, "a role that does nothing").wall
            ),
        ),
    ]
    return made


def kept(figures: Figures) -> list[dict[str, Any]]:
    """Each promise of which all was measured: ``{promise, value, limit, kept}``."""
    found = []
    for promise in _promises():
        try:
            value = promise.value(figures)
        except LookupError:
            continue
        found.append(
            {"promise": promise.name, "value": round(value, 4), "limit": promise.limit, "kept": value <= promise.limit}
        )
    return found


def table(found: list[dict[str, Any]]) -> str:
    """The promises, as a Markdown table."""
    lines = ["", "| promise | measured | at most | |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {one['promise']} | {one['value']:.4g} | {one['limit']:.4g} | {'kept' if one['kept'] else 'NOT KEPT'} |"
        for one in found
    ]
    return "\n".join(lines)
