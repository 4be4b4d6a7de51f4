# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokens of one account are renewed, and their secrets handed over, without a gap.

Where a secret goes elsewhere than into the module's own file, three steps carry a renewal: the module makes the new
token beside the old one (``retire_old: false``), its secret is handed over, the module retires the old one. A run may
end between any two requests. The new token is called ``<name>~next`` until the old one is retired, so that the next run
finds it, hands its secret over again and goes on. Where handing over fails the new token is revoked, unless somebody
may have its secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_family import successor_name
from ansible_collections.dataops.access.plugins.plugin_utils.handover import results
from ansible_collections.dataops.access.plugins.plugin_utils.handover.declaration import Renewal
from ansible_collections.dataops.access.plugins.plugin_utils.handover.due import (
    FOUND,
    MADE,
    PRESENT,
    Due,
    due_of,
    entry_of,
)
from ansible_collections.dataops.access.plugins.plugin_utils.handover.proof import NotKept
from ansible_collections.dataops.access.plugins.plugin_utils.handover.targets import Target

# Runs a module of this collection: its name, its options but for those of the connection, whether in check mode.
Run = Callable[[str, Mapping[str, Any], bool], Mapping[str, Any]]
MANY = "devo_tokens"
INFO = "devo_token_info"

_NEXT = {
    MADE: "both tokens stay, and the next run goes on",
    FOUND: "both tokens stay, and the next run goes on",
    PRESENT: "the token is as it was",
}


@dataclass
class Progress:
    """How far a rotation has come. Holds no secret."""

    done: list[Mapping[str, Any]] = field(default_factory=list)
    # What went wrong beside the modules' own results, by token.
    problems: dict[str, str] = field(default_factory=dict)
    # What tasks of the play hand over next: {token, id, files, origin, retires}.
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def result(self) -> dict[str, Any]:
        """All of it, as one result of the module for many tokens."""
        return results.merged(self.done, self.problems)


class Rotation:
    """The tokens of one account. ``everything``: hand the secrets over of those too that are not about to expire."""

    def __init__(
        self,
        account: str,
        renewals: Iterable[Renewal],
        run: Run,
        targets: Callable[[Renewal], Sequence[Target]],
        redactor: Redactor,
        everything: bool = False,
    ) -> None:
        self._account = account
        self._renewals = {renewal.name: renewal for renewal in renewals}
        self._run = run
        self._targets = {name: list(targets(renewal)) for name, renewal in self._renewals.items()}
        self._redactor = redactor
        self._everything = everything

    def begin(self, check: bool) -> Progress:
        """Everything but what tasks of the play hand over; ``check``: say what would be done, and write nothing."""
        progress = Progress()
        if not self._renewals:
            return progress
        plan = self._tokens([entry_of(renewal) for renewal in self._renewals.values()], check=True)
        if "changes" not in plan:
            progress.done.append(results.public(plan))
            return progress
        due = self._probed(self._due(plan, progress), progress)
        if check:
            progress.done.append(results.planned(plan, [name for name, one in due.items() if one.writes]))
        else:
            progress.done.append(results.of_plan(plan))
            self._carry_out(due, progress)
        return progress

    def finish(self, progress: Progress, refused: Mapping[str, str]) -> None:
        """What follows when the tasks of the play have run. ``refused``: why tasks failed, by token."""
        handed = []
        for waiting in progress.waiting:
            name = waiting["token"]
            if name not in refused:
                handed.append((name, bool(waiting["retires"])))
            else:
                why = f"its secret could not be handed over: {refused[name]}"
                self._give_up(name, str(waiting["origin"]), why, self._targets[name], progress)
        progress.waiting = []
        self._retire([name for name, retires in handed if retires], progress)

    # --- what is to be done ---------------------------------------------------------------------------------------

    def _due(self, plan: Mapping[str, Any], progress: Progress) -> dict[str, Due]:
        """By name; what cannot be done is a problem."""
        changes = results.by_key(plan)
        due = {}
        for name, renewal in self._renewals.items():
            change = changes.get(name, {"action": "update", "fields": {}, "error": None})
            if change["action"] == "create":
                progress.problems[name] = (
                    "it does not exist, so that there is nothing to renew; create it with dataops.access.apply, then "
                    "hand its secret over with access_token_handover_all: true"
                )
            elif change["error"]:
                progress.problems[name] = str(change["error"]["msg"])
            else:
                found = due_of(renewal, change["fields"], self._everything)
                due.update({name: found} if found else {})
        return due

    def _probed(self, due: Mapping[str, Due], progress: Progress) -> dict[str, Due]:
        """Those whose places can be asked: no token is made that could not be handed over."""
        fine = {}
        for name, one in due.items():
            try:
                for target in self._targets[name] if one.origin else ():
                    target.probe()
            except AccessError as problem:
                progress.problems[name] = self._readable(f"nothing was done, since {problem.message}")
            else:
                fine[name] = one
        return fine

    # --- doing it -------------------------------------------------------------------------------------------------

    def _carry_out(self, due: Mapping[str, Due], progress: Progress) -> None:
        if not due:
            return
        made = self._tokens([one.entry for one in due.values()])
        progress.done.append(results.public(made))
        secrets = {str(token.get("name")): token.get("secret") for token in made.get("tokens") or ()}
        retiring = []
        for name, one in due.items():
            if not one.origin or results.went_wrong(made, name):
                continue
            secret = secrets.get(name)
            if not secret:
                progress.problems[name] = "its secret could not be read, so that it was not handed over"
            elif self._hand_over(one, str(secret), progress):
                if one.renewal.tasks:
                    self._wait(one, progress)
                elif one.retires:
                    retiring.append(name)
        self._retire(retiring, progress)

    def _hand_over(self, one: Due, secret: str, progress: Progress) -> bool:
        self._redactor.add(secret)
        name = one.renewal.name
        arrived: list[Target] = []
        for target in self._targets[name]:
            try:
                target.hand_over(secret)
            except LostAnswer as lost:
                why = f"{lost.message}; whether it has the secret is not known; {_NEXT[str(one.origin)]}"
                progress.problems[name] = self._readable(why)
                return False
            except AccessError as problem:
                arrived += [target] if isinstance(problem, NotKept) else []
                why = f"its secret could not be handed over: {problem.message}"
                self._give_up(name, str(one.origin), why, arrived, progress)
                return False
            arrived.append(target)
        return True

    def _wait(self, one: Due, progress: Progress) -> None:
        name = one.renewal.name
        try:
            ids = self._ids()
            found = ids.get(successor_name(name)) or ids[name]
        except (AccessError, KeyError) as problem:
            why = problem.message if isinstance(problem, AccessError) else "it is not listed"
            why = f"its secret was not handed over: {why}; {_NEXT[str(one.origin)]}"
            progress.problems[name] = self._readable(why)
            return
        progress.waiting.append(
            {
                "token": name,
                "id": found[-1],
                "files": one.renewal.tasks,
                "origin": one.origin,
                "retires": one.retires,
            }
        )

    def _retire(self, names: Sequence[str], progress: Progress) -> None:
        """The new tokens take the names; the old ones are disabled, and deleted after their grace."""
        if not names:
            return
        done = self._tokens([entry_of(self._renewals[name], renew=False) for name in names])
        progress.done.append(results.public(done))
        for name in names:
            if results.went_wrong(done, name):
                self._stay_true(name, progress)

    def _stay_true(self, name: str, progress: Progress) -> None:
        """A new token that did not prove itself is gone by now; then its places get the old secret again."""
        try:
            ids = self._ids()
            if successor_name(name) not in ids and name in ids:
                self._put_back(name, self._targets[name])
        except AccessError as problem:
            progress.problems[name] = self._readable(
                f"the new token did not prove itself, and the old secret could not be put back: {problem.message}"
            )

    # --- when it cannot be done -----------------------------------------------------------------------------------

    def _give_up(self, name: str, origin: str, why: str, arrived: Sequence[Target], progress: Progress) -> None:
        """Revoke the new token; before that, the places that have its secret get the old one again."""
        try:
            if origin == MADE:
                self._put_back(name, arrived)
                self._revoke(name, progress)
                end = "the new token was revoked, and the old one is as it was"
            else:
                end = f"an earlier run may have handed it over; {_NEXT[origin]}" if origin == FOUND else _NEXT[origin]
        except AccessError as problem:
            end = f"the new token could not be taken back ({problem.message}); {_NEXT[MADE]}"
        progress.problems[name] = self._readable(f"{why}; {end}")

    def _put_back(self, name: str, targets: Sequence[Target]) -> None:
        """These places get the secret of the token that has the name. Raises AccessError."""
        if not targets:
            return
        found = self._info({"name": name, "return_secret": True})
        if len(found) != 1 or not found[0].get("secret"):
            raise AccessError("the secret of the old token could not be read")
        self._redactor.add(str(found[0]["secret"]))
        for target in targets:
            target.hand_over(str(found[0]["secret"]))

    def _revoke(self, name: str, progress: Progress) -> None:
        """Raises AccessError."""
        successor = successor_name(name)
        ids = self._ids().get(successor) or []
        if not ids:
            return
        done = self._tokens([{"token_id": token_id, "state": "absent"} for token_id in ids])
        progress.done.append(results.renamed(results.public(done), {f"id {token_id}": successor for token_id in ids}))
        if done.get("failed"):
            raise AccessError(str(done.get("msg")))

    # --- the module -----------------------------------------------------------------------------------------------

    def _tokens(self, entries: Sequence[Mapping[str, Any]], check: bool = False) -> Mapping[str, Any]:
        # Renewing is no deletion, and one of a token that this run has made is none of anybody's.
        options = {"tokens": list(entries), "return_objects": True, "max_deletions": "-1"}
        return self._run(MANY, {"account": self._account, **options}, check)

    def _info(self, options: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Raises AccessError."""
        told = self._run(INFO, {"account": self._account, **options}, False)
        if told.get("failed"):
            raise AccessError(str(told.get("msg")))
        return list(told["tokens"])

    def _ids(self) -> dict[str, list[str]]:
        """The ids of all tokens by their names. Raises AccessError."""
        found: dict[str, list[str]] = {}
        for token in self._info({}):
            found.setdefault(str(token["name"]), []).append(str(token["id"]))
        return found

    def _readable(self, text: str) -> str:
        return self._redactor.text(text)
