# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry a plan out: the only caller of writes. Settles lost answers by reading, and proves the rest by reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import parallel
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    NEXT,
    AccessError,
    LostAnswer,
    kind_of_refusals,
)
from ansible_collections.dataops.access.plugins.module_utils.core.plan import Plan
from ansible_collections.dataops.access.plugins.module_utils.core.resource import NEVER, Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import UPDATE, Change, Service, Snapshot

PLANNED = "planned"
APPLIED = "applied"
FAILED = "failed"
UNKNOWN = "unknown"

# A refused log-in meets every further object as well: going on would only hammer the server, or lock the account.
_HOPELESS = ("auth",)

_NOT_KEPT = "look at the object on the platform, and leave out of the declaration what it does not keep"
# Not "retryable": where it costs, a person looks before anything is sent once more.
_LOOK = "look at the object on the platform, then run this again: it reads first, and does what is left"


@dataclass
class Done:
    """What became of one change."""

    change: Change
    status: str
    error: AccessError | None = None
    # Whether something was written although the outcome is a failure.
    wrote: bool = False


@dataclass
class Outcome:
    """What became of a plan. ``snapshot``: the platform as read last."""

    plan: Plan
    done: list[Done]
    snapshot: Snapshot
    warnings: list[str] = field(default_factory=list)
    # True when nothing was carried out: check mode, or a refused plan.
    only_planned: bool = False


def only_plan(plan: Plan) -> Outcome:
    """The outcome of check mode and of a refused plan: nothing was written."""
    done = []
    for change in plan.changes:
        if change.refusals:
            done.append(
                Done(change, FAILED, AccessError("; ".join(change.refusals), kind=kind_of_refusals(change.refusals)))
            )
        else:
            done.append(Done(change, PLANNED))
    return Outcome(plan, done, plan.snapshot, only_planned=True)


def apply(plan: Plan, service: Service, workers: int, pause: Callable[[int], Any], tries: int = 2) -> Outcome:
    """Write every change, stage by stage, ``workers`` at a time; one failure does not stop the others.

    ``pause(n)`` waits before the n-th repetition of a write whose answer was lost and that did not happen;
    ``tries`` bounds these repetitions.
    """
    stopped: list[AccessError] = []

    def work(change: Change) -> Done:
        if stopped:
            error = AccessError(f"not tried after: {stopped[0].facts}", kind=stopped[0].kind)
            return Done(change, FAILED, error)
        done = _carry_out(service, plan.snapshot, change, pause, tries)
        if done.error is not None and done.error.kind in _HOPELESS and done.status == FAILED:
            stopped.append(done.error)
        return done

    outcome = Outcome(plan, [], plan.snapshot)
    for stage in sorted({change.stage for change in plan.changes}):
        outcome.done += parallel.each(work, [change for change in plan.changes if change.stage == stage], workers)
    _verify(service, outcome)
    return outcome


def _carry_out(service: Service, snapshot: Snapshot, change: Change, pause: Callable[[int], Any], tries: int) -> Done:
    attempt = 0
    current = change
    accepted = service.accepted()

    def failed(error: AccessError) -> Done:
        begun = change.begun or current.begun or service.accepted() > accepted
        return Done(change, FAILED, error, wrote=begun)

    while True:
        try:
            service.write(current)
            return Done(change, APPLIED)
        except LostAnswer as lost:
            rest = _settled(service, snapshot, change, current, lost)
            if isinstance(rest, Done):
                return rest
            attempt += 1
            if not lost.repeat or attempt > tries:
                return failed(AccessError(lost.not_done, **{**lost.failure(), "kind": lost.cause_kind}))
            try:
                pause(attempt)
            except AccessError as error:
                return failed(error)
            current = rest
        except AccessError as error:
            return failed(error)
        except Exception as error:  # noqa: BLE001 - a bug here must not lose what the other objects report
            text = f"internal error while writing '{change.key}': {type(error).__name__}; the object's state is unknown"
            return Done(change, UNKNOWN, AccessError(text, kind="unknown_outcome"))


def _settled(service: Service, snapshot: Snapshot, change: Change, current: Change, lost: LostAnswer) -> Done | Change:
    """What a lost answer turns out to be by reading again: done, not to be told, or the change that is left to do."""
    try:
        rest = service.rest(current, snapshot)
    except AccessError as error:
        return Done(change, UNKNOWN, _unknown(lost, f"reading it again failed: {error.facts}"))
    except Exception as error:  # noqa: BLE001 - a bug while settling must not lose the others
        return Done(change, UNKNOWN, _unknown(lost, f"reading it again failed: {type(error).__name__}"))
    if rest is None:
        return Done(change, APPLIED)
    if (rest.action, rest.fields) != (current.action, current.fields):
        change.begun = True  # less is left to do than before
    if lost.repeat and not rest.repeatable:
        return Done(change, UNKNOWN, _unknown(lost, "reading it again does not show it, and it is not sent twice"))
    return rest


def _unknown(lost: LostAnswer, why: str) -> AccessError:
    return AccessError(f"{lost.facts}; {why}{NEXT}{_LOOK}", **{**lost.failure(), "retryable": False})


def _verify(service: Service, outcome: Outcome) -> None:
    """One closing listing: what the server accepted and did not do is a failure, not a success."""
    applied = [done for done in outcome.done if done.status == APPLIED]
    if not applied:
        return
    declared = [done.change.declared for done in applied if done.change.declared is not None]
    try:
        snapshot = service.observe(declared, again=True)
    except AccessError as error:
        for done in applied:
            done.status = UNKNOWN
            done.error = AccessError(
                f"it was written, but reading it back failed: {error.facts}{NEXT}{_LOOK}",
                **{**error.failure(), "kind": "unknown_outcome", "retryable": False},
            )
        return
    outcome.snapshot = snapshot
    outcome.warnings += snapshot.warnings
    for done in applied:
        try:
            rest = _difference(service, snapshot, done.change)
        except AccessError as error:
            done.status, done.error, done.wrote = FAILED, error, True
            continue
        if rest is not None:
            done.status, done.wrote = FAILED, True
            done.error = AccessError(f"{service.not_kept(done.change, rest)}{NEXT}{_NOT_KEPT}", kind="protocol")


def _difference(service: Service, snapshot: Snapshot, change: Change) -> Change | None:
    if change.declared is not None:
        observed = service.find(change.declared, snapshot)
        return service.compare(change.declared, observed, snapshot) or _lost_fields(service, change, observed)
    # A purge removes one object of possibly several with the same identity: the handle tells them apart.
    for observed in snapshot.matching(change.current.match):
        if observed.exists and observed.handle == change.current.handle:
            return service.removal(observed)
    return None


def _lost_fields(service: Service, change: Change, observed: Observed | None) -> Change | None:
    """Fields that do not have the planned value, although the declaration is met (added to a list that lost others)."""
    if change.after is None or observed is None:
        return None
    lost = {}
    for item in service.resource.fields:
        name = item.name
        stated = name in change.fields and name in change.after and name in observed.values
        if stated and item.compare != NEVER and not item.same(observed.values[name], change.after[name]):
            lost[name] = item.change(observed.values[name], change.after[name])
    return Change(change.key, UPDATE, lost, change.declared, observed, change.after) if lost else None


def objects(outcome: Outcome, service: Service) -> list[tuple[Declared, dict[str, Any]]]:
    """The declared objects that exist (that would exist, in check mode), in the declared order.

    A secret that was asked for is among the fields of its object, which is there even where it could not be read back:
    the secret is shown only once.
    """
    after: dict[str, dict[str, Any] | None] = {}
    for done in outcome.done:
        entry = done.change.declared
        if entry is None:
            continue
        if outcome.only_planned and done.status == PLANNED:
            after[entry.match] = done.change.after
        else:
            planned = done.change.after if entry.match in service.revealed else None
            after[entry.match] = _now(service, entry, outcome.snapshot) or planned
    for entry, observed in outcome.plan.in_sync:
        after[entry.match] = None if observed is None or entry.absent else service.result(observed)
    found = ((entry, after.get(entry.match)) for entry in outcome.plan.declared)
    return [(entry, {**value, **service.revealed.get(entry.match, {})}) for entry, value in found if value is not None]


def _now(service: Service, entry: Declared, snapshot: Snapshot) -> dict[str, Any] | None:
    try:
        observed: Observed | None = service.find(entry, snapshot)
    except AccessError:
        return None
    return None if observed is None or not observed.exists else service.result(observed)
