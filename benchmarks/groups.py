# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: variants that are compared with each other, and that run one after the other in each round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import startup, tenants
from benchmarks.kinds import DS_USERS, KINDS
from benchmarks.measure import Measured
from benchmarks.work import Site, Work

Run = Callable[[Site], Measured]
SIZES = (1, 100, 1_000, 10_000)
LATENCIES = (0, 20, 100)
# Items of loops, for which each is the same: those that take a second or more, and those that take less.
FEW, SOME = 10, 200


@dataclass(frozen=True)
class Variant:
    """One way to do the work of a group, for so many objects."""

    name: str
    objects: int
    run: Run
    # The fewest requests that do the work; None: nobody knows, or it makes none.
    least: int | None = None


@dataclass(frozen=True)
class Group:
    """Variants of one work. ``latency``: milliseconds until the server answers."""

    name: str
    latency: int
    variants: tuple[Variant, ...]
    # At most so many; what takes minutes is hardly moved by what moves seconds.
    rounds: int = 1_000


EMPTY = Variant("an empty play", 0, lambda site: site.ansible.empty())
WITHOUT_TASK = "the play without its task"
FROM_FILE = "from a file"
# Every operation.
WORKS = ("create", "half changed", "purge", "check mode, all drifted", "no change")
SCRIPT = "a script with requests"
LOOPS = "create by loops"
LOOPS_AT_ONCE = f"{LOOPS}, at once"
SINGULAR = "a loop of the singular module"
WAITING = "a loop of an action that only waits"
FOR_ONE = f"{SCRIPT}, for one user"


def _floor(work: Work, library: str) -> Variant:
    return Variant(f"a script with {library}", work.number, lambda site: work.floor(site, library), work.least)


def _module(work: Work, name: str = "the plural module") -> Variant:
    return Variant(name, work.number, work.many, work.least)


def _loops(work: Work, latency: int) -> tuple[Variant, ...]:
    return (
        Variant(SINGULAR, work.number, work.loop),
        Variant(WAITING, work.number, lambda site: work.wait_loop(site, latency)),
    )


def promises() -> Iterator[Group]:
    """What docs/performance.md promises is compared in these."""
    for kind in KINDS:
        work = Work(kind, 1_000)
        scripts = [_floor(work, library) for library in ("requests", "aiohttp") if kind.script]
        if kind is DS_USERS:
            one = Work(kind, 1)
            scripts.append(Variant(FOR_ONE, 1, lambda site, one=one: one.floor(site, "requests"), one.least))
        plays = (EMPTY, Variant(WITHOUT_TASK, 0, work.nothing), _module(work))
        file = Variant(FROM_FILE, work.number, work.from_file, work.least)
        yield Group(f"create 1,000 {kind.name}", 20, (*plays, file, *scripts))
    near = Work(DS_USERS, 1_000)
    yield Group("create 1,000 Datasentinel users, at once", 0, (EMPTY, _module(near), _floor(near, "requests")))
    few, some = Work(DS_USERS, FEW), Work(DS_USERS, SOME)
    apart = Work(DS_USERS, FEW, in_process=False)
    yield Group(
        LOOPS,
        20,
        (
            EMPTY,
            Variant("a loop of ansible.builtin.uri", few.number, few.uri_loop),
            *_loops(some, 20),
            _module(some),
            Variant(f"{SINGULAR}, processes apart", apart.number, apart.loop),
            Variant("a loop of a module that does nothing", apart.number, apart.carry_loop),
        ),
    )
    yield Group(LOOPS_AT_ONCE, 0, (EMPTY, *_loops(some, 0)))
    same = Work(DS_USERS, 10_000, held=10_000)
    yield Group(
        "no change of 10,000",
        20,
        (
            EMPTY,
            _module(same),
            Variant("a module that does nothing", same.number, same.carry),
            Variant(FROM_FILE, same.number, same.from_file, same.least),
            Variant("the module's process", same.number, same.memory, same.least),
            _module(Work(DS_USERS, 10_000, held=10_000, drifted=5_000, check=True), "check mode, half drifted"),
            _module(Work(DS_USERS, 10_000, held=10_000, drifted=10_000, check=True), "check mode, all drifted"),
        ),
    )
    yield Group(
        "growth of a file",
        20,
        (
            EMPTY,
            *(
                Variant(f"{work.number:,}", work.number, work.from_file, work.least)
                for work in (Work(DS_USERS, number, held=number) for number in (1_000, 10_000, 100_000))
            ),
        ),
    )
    yield Group(
        "100 tenants of 100 users",
        20,
        (
            EMPTY,
            Variant("the role", 10_000, tenants.role),
            Variant("a role that does nothing", 10_000, tenants.nothing),
        ),
        rounds=1,
    )
    yield Group("import", 0, tuple(Variant(name, 0, run) for name, run in startup.RUNS.items()))


def of_users(number: int) -> str:
    """The name of the group of every operation on so many users."""
    return f"{number:,} Datasentinel users"


def matrix() -> Iterator[Group]:
    """Every operation at every size, and at every distance of the server."""
    for latency in LATENCIES:
        for number in SIZES if latency == LATENCIES[1] else (1_000,):
            works = {
                "create": Work(DS_USERS, number),
                "half changed": Work(DS_USERS, number, held=number, drifted=number // 2),
                "purge": Work(DS_USERS, number, held=number, kept=1),
                "check mode, all drifted": Work(DS_USERS, number, held=number, drifted=number, check=True),
                "no change": Work(DS_USERS, number, held=number),
            }
            yield Group(
                of_users(number),
                latency,
                (EMPTY, *(_module(works[name], name) for name in WORKS), _floor(works["create"], "requests")),
            )
