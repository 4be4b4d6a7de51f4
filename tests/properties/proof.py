# SPDX-License-Identifier: GPL-3.0-or-later
"""One case, proved: check mode is what the run does, and the run does that and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract.check import violations
from emulator.server import Emulator
from properties.effect import Effect
from properties.kind import Case, Entry, Kind
from unit.road import run_many, run_one

Result = dict[str, Any]

# What a case may be.
INVALID, UNREADABLE, REFUSED, IN_SYNC = "invalid", "not readable", "refused", "in sync"
CHANGED, EXCUSED = "changed", "not kept by the server"


class Proof:
    """Runs one case against the emulator. ``directory``: for the files that entries name."""

    def __init__(self, kind: Kind, case: Case, emulator: Emulator, directory: Path) -> None:
        self.kind = kind
        self.case = case
        self.emulator = emulator
        self.directory = directory
        resource = kind.service.resource
        self.plural = resource.plural
        self._paths = [option.name for option in resource.options if option.type == "path"]
        self._top = {option.name for option in resource.options if option.top}
        self.entries = [self._placed(entry) for entry in case.entries]
        for name, content in case.files.items():
            (directory / name).write_text(content, encoding="utf-8")
        emulator.reset(
            switches={f"{kind.tenant}.{name}": value for name, value in case.switches.items()},
            state={kind.tenant: case.state},
        )
        platform = kind.service.platform
        known = {"api_url", *(credential.option for credential in platform.credentials), *self._top}
        known |= {option.name for option in platform.options}
        given = {**emulator.connections[kind.tenant], **kind.common}
        self.connection = {name: value for name, value in given.items() if name in known}

    def _placed(self, entry: Entry) -> Entry:
        paths = {name: str(self.directory / entry[name]) for name in self._paths if entry.get(name)}
        return {**entry, **paths}

    # --- the runs ----------------------------------------------------------------------------------------------

    def many(self, check: bool) -> Result:
        """The plural module."""
        return run_many(self.kind.service, {self.plural: self.entries, **self.case.options}, self.connection, check)

    def one(self, entry: Entry) -> Result:
        """The singular module in check mode."""
        shared = {name: self.case.options[name] for name in ("api_concurrency",) if name in self.case.options}
        return run_one(self.kind.service, {**entry, **shared}, self.connection, check=True)

    def state(self) -> Mapping[str, Any]:
        """What the emulator holds."""
        return self.emulator.state(self.kind.tenant)

    def files(self) -> dict[str, str]:
        """What the case's directory holds."""
        return {path.name: path.read_text(encoding="utf-8") for path in self.directory.iterdir()}

    # --- the properties ------------------------------------------------------------------------------------------

    def prove(self, alone: int, contract: bool) -> str:
        """Assert every property; returns what the case was. ``alone``: so many entries are tried one by one."""
        before, files = self.state(), self.files()
        checked = self.many(check=True)
        singles = [self.one(entry) for entry in self.entries[:alone]]
        assert self.emulator.writes() == [], f"check mode wrote: {self.emulator.writes()}"
        assert self.state() == before, "check mode changed something"
        assert self.files() == files, "check mode wrote a file"

        done = self.many(check=False)
        self._check_same_plan(checked, done)
        self._check_singular(checked, singles, before)
        self._check_invalid(checked, singles)
        after = self.state()
        outcome = self._outcome(done)
        effect = Effect(self.kind, self.case, self.entries, before, after)
        if outcome in (CHANGED, EXCUSED):
            effect.check_effect(done)
            self._check_again(done, effect)
        else:
            assert self.emulator.writes() == [], f"{outcome}, and yet: {self.emulator.writes()}"
            assert after == before, f"{outcome}, and yet something has changed"
            assert self.files() == files, f"{outcome}, and yet a file was written"
            assert done["changed"] is False, outcome
        if outcome in (CHANGED, IN_SYNC):
            effect.check_declared()
        assert self.emulator.complaints() == []
        if contract:
            assert violations(self.emulator.requests(full=True)) == []
        return outcome

    def _outcome(self, done: Result) -> str:
        if "changes" not in done:
            if done["failure"]["kind"] == "validation":
                return INVALID
            assert self.kind.unreadable(self.case), done
            return UNREADABLE
        statuses = {change["status"] for change in done["changes"]}
        if not statuses:
            # A guard alone may refuse what would change nothing: a purge without a listing.
            return REFUSED if done.get("failed") else IN_SYNC
        if done.get("failed") and statuses <= {"planned", "failed"} and done["msg"].startswith("Nothing was written."):
            return REFUSED
        assert statuses <= {"applied", "failed"}, done
        return EXCUSED if done.get("failed") else CHANGED

    def _check_same_plan(self, checked: Result, done: Result) -> None:
        """The plan of check mode is that of the run; a refusal is the same refusal."""
        assert _plan(done) == _plan(checked)
        assert done.get("unmanaged") == checked.get("unmanaged")
        if checked.get("failed"):
            for name in ("failed", "msg", "failure", "changed", "summary", "changes", self.plural):
                assert done.get(name) == checked.get(name), name
            return
        summary = {**done["summary"], "failed": 0}
        assert summary == checked["summary"]
        assert not set(checked["warnings"]) - set(done["warnings"])
        if not done.get("failed"):
            assert done["changed"] == checked["changed"]
            assert done["diff"] == checked["diff"]
            self._check_returned(checked.get(self.plural), done.get(self.plural))

    def _check_returned(self, planned: list[Result] | None, real: list[Result] | None) -> None:
        """What check mode returns as it would be is what the run returns as it is."""
        assert (planned is None) == (real is None)
        for would_be, now in zip(planned or (), real or (), strict=True):
            server = self.kind.given_by_server | self.kind.shown_once
            told = [{name: found[name] for name in found if name not in server} for found in (would_be, now)]
            assert told[0] == told[1]

    def _check_singular(self, checked: Result, singles: list[Result], before: Mapping[str, Any]) -> None:
        """Each entry alone has the plan that it has among the others."""
        if not self._apart(checked, before):
            return
        whole = list(checked["changes"])
        for entry, alone in zip(self.entries, singles, strict=False):
            assert "changes" in alone, f"alone, {entry} fails: {alone['msg']}"
            for change in alone["changes"]:
                like = [other for other in whole if _entry_of_plan(other) == _entry_of_plan(change)]
                assert like, f"alone, {entry} is {change}; among others it is not in {whole}"
                assert any(self._same_refusal(change, other) for other in like), (
                    f"{change} is refused otherwise: {like}"
                )
                whole.remove(next(other for other in like if self._same_refusal(change, other)))
        if len(singles) == len(self.entries):
            assert all(change["action"] == "delete" for change in whole), f"nobody declared {whole}"
            assert self.case.options.get("purge") or not whole, f"nobody declared {whole}"

    def _check_invalid(self, checked: Result, singles: list[Result]) -> None:
        """An entry that cannot be right is that alone, too."""
        said = re.fullmatch(rf"entry ([0-9]+) of {self.plural}: (.*)", checked.get("msg", ""), re.DOTALL)
        number = int(said[1]) - 1 if said else len(singles)
        # What only concerns the plural module is told without a number, or before the entries are looked at.
        if said and number < len(singles) and "return_objects" not in said[2]:
            assert singles[number]["msg"] == said[2]

    def _apart(self, checked: Result, before: Mapping[str, Any]) -> bool:
        """Whether an entry's plan owes nothing to the other entries."""
        # Without a listing each entry is read by name, and the others are seen besides.
        if "changes" not in checked or not checked["summary"]["listing_complete"]:
            return False
        objects = self.kind.objects(before)
        meant = [identity for entry in self.entries for identity in self.kind.ids(entry, objects)]
        return len(meant) == len(set(meant)) and self.kind.apart(self.entries, objects)

    def _same_refusal(self, alone: Result, among: Result) -> bool:
        if alone["error"] == among["error"]:
            return True
        # Among others there may be further reasons, which are about the others too.
        own = alone["error"]["msg"] if alone["error"] else ""
        further = among["error"]["msg"] if among["error"] else ""
        return further.startswith(own) and re.search(self.kind.across, further[len(own) :]) is not None

    def _check_again(self, done: Result, effect: Effect) -> None:
        """A second run has nothing to do, but for what failed."""
        start = len(self.emulator.requests())
        again = self.many(check=False)
        failed = {change["key"] for change in done["changes"] if change["status"] == "failed"}
        if not failed:
            assert self.emulator.writes(since=start) == []
            assert self.state() == effect.after
            assert again["changed"] is False
        refused = again.get("failed") and again["msg"].startswith("Nothing was written.")
        if refused and self.kind.refused_next(self.case, effect.had, effect.has):
            return
        if "changes" in again:
            assert {change["key"] for change in again["changes"]} <= failed, again["changes"]
        else:
            assert failed, f"the second run fails: {again['msg']}"
        if not failed:
            assert not again.get("failed"), again["msg"]
            if self.plural in done:
                assert self._lasting(again) == self._lasting(done)

    def _lasting(self, result: Result) -> list[Result]:
        """The returned objects without what is shown once."""
        return [
            {name: value for name, value in found.items() if name not in self.kind.shown_once}
            for found in result[self.plural]
        ]


def _plan(result: Result) -> list[Result] | None:
    """All that a plan says of its changes: neither what became of them nor why not."""
    if "changes" not in result:
        return None
    return [_entry_of_plan(change) for change in result["changes"]]


def _entry_of_plan(change: Result) -> Result:
    return {name: value for name, value in change.items() if name not in ("status", "error")}
