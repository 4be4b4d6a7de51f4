# SPDX-License-Identifier: GPL-3.0-or-later
"""The table in docs/faults.md: what the tests of tests/faults state and hold every module to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from faults.table import CALLS, FAULTS, LEGEND, SPECIALS, Outcome, Pair, Special

from .text import fill_regions

PATH = Path(__file__).resolve().parents[2] / "docs" / "faults.md"


def documents() -> Iterator[tuple[Path, str, str]]:
    """The file, its text as it is and as it should be."""
    content = {"faults": _faults, "outcomes of faults": _legend, "exceptions to faults": _exceptions}
    text = PATH.read_text()
    yield PATH, text, fill_regions(text, lambda what, indent: f"\n{content[what]()}\n")


def _faults() -> str:
    rows = [["What goes wrong", *(title.capitalize() for title in CALLS.values())]]
    rows.append(["---"] * len(rows[0]))
    for name, fault in FAULTS.items():
        rows.append([fault.title, *(_pair(fault.outcomes[call]) + _notes(name, call) for call in CALLS)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _pair(pair: Pair) -> str:
    once, lasting = pair
    return once.text if once == lasting else f"{once.text}; lasting: {lasting.text}"


def _notes(fault: str, call: str) -> str:
    numbers = [
        str(number)
        for number, special in enumerate(SPECIALS, start=1)
        if call in special.calls and (not special.faults or fault in special.faults)
    ]
    return f" <sup>{', '.join(numbers)}</sup>" if numbers else ""


def _legend() -> str:
    return "".join(f"- {outcome.text}: {outcome.about}.\n" for outcome in LEGEND)


def _exceptions() -> str:
    return "".join(
        f"{number}. {special.who}: {_ends(special)}. {special.reason}.\n"
        for number, special in enumerate(SPECIALS, start=1)
    )


def _ends(special: Special) -> str:
    known: list[tuple[str, Outcome | None]] = [("once", special.once), ("lasting", special.lasting)]
    if special.once == special.lasting and special.once is not None:
        return special.once.text
    return ", ".join(f"{when} {outcome.text}" for when, outcome in known if outcome is not None)
