# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan and its outcome become the result that people, programs and audits read. Knows no Ansible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.apply import (
    APPLIED,
    FAILED,
    PLANNED,
    UNKNOWN,
    Done,
    Outcome,
)
from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, kind_of_refusals
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Revealed
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Resource
from ansible_collections.dataops.access.plugins.module_utils.core.service import CREATE, DELETE, Change

# What a terminal obeys and neither JSON nor YAML escapes: control characters beyond ASCII, and those that turn the
# direction of writing. And halves of characters, for which Ansible refuses a whole result.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# The same in JSON; pairs of halves are found as well, which only costs the search.
_MAYBE_UNSAFE = re.compile(r"\x7f|\\u(00[89]|061c|200[ef]|202[89a-e]|206[6-9]|d[89a-f])")


def safe(result: Any, as_json: str) -> Any:
    """``result`` with these characters escaped in all strings, keys included; ``as_json``: the same in JSON."""
    return _escaped(result) if _MAYBE_UNSAFE.search(as_json) else result


def _escaped(value: Any) -> Any:
    if isinstance(value, Revealed):
        return value
    if isinstance(value, str):
        return _UNSAFE.sub(lambda found: found.group().encode("unicode_escape").decode(), value)
    if isinstance(value, Mapping):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(item) for item in value]
    return value


def printable(text: str) -> str:
    """``text`` with everything escaped that a terminal would obey: names come from a server and may hold anything."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def changes(outcome: Outcome) -> list[dict[str, Any]]:
    """One entry for each object out of line: ``{key, action, status, fields, error}``."""
    return [_entry(done) for done in outcome.done]


def _entry(done: Done) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "key": done.change.key,
        "action": done.change.action,
        "status": done.status,
        "fields": {name: field.as_dict() for name, field in done.change.fields.items()},
        "error": None if done.error is None else {"msg": done.error.message, **done.error.failure()},
    }
    if done.change.replaced:
        entry["replaced"] = True
    return {**entry, **done.change.details}


def summary(outcome: Outcome, resource: Resource) -> dict[str, Any]:
    """Numbers: the plan's, and how many of them failed or have an unknown outcome."""
    numbers = outcome.plan.summary
    if not resource.spends_quota:
        del numbers["registrations"]
    numbers["failed"] = sum(1 for done in outcome.done if done.status in (FAILED, UNKNOWN))
    return numbers


def plan_sha256(changes: Iterable[Mapping[str, Any]]) -> str:
    """The SHA-256 over what would be changed, as results show it: the same whatever becomes of it."""
    plan = [{name: change[name] for name in ("key", "action", "fields")} for change in changes]
    return sha256(sorted(plan, key=lambda change: (change["key"], change["action"])))


def changed(outcome: Outcome) -> bool:
    """Whether the platform was changed, or would be; a refused plan changes nothing."""
    if outcome.plan.refused:
        return False
    return any(done.wrote or done.status in (PLANNED, APPLIED, UNKNOWN) for done in outcome.done)


def diff(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """Before and after of the changed objects, by key: what ``--diff`` prints."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for done in outcome.done:
        if done.status == FAILED:
            continue
        change = done.change
        if change.action != CREATE:
            before[change.key] = _side(change, "before")
        if change.action != DELETE:
            after[change.key] = _side(change, "after")
    return {"before": before, "after": after}


def _side(change: Change, side: str) -> Mapping[str, Any]:
    known = change.after if side == "after" else change.observed and change.observed.values
    return {**(known or {}), **{name: getattr(field, side) for name, field in change.fields.items()}}


def failure(outcome: Outcome, resource: Resource) -> AccessError | None:
    """The one error that the task ends with; None: all went well."""
    refused = outcome.plan.refused
    if refused:
        reasons = "; ".join(refused[:10])
        if len(refused) > 10:
            reasons += f"; and {len(refused) - 10} more, each under its object in 'changes'"
        return AccessError(f"Nothing was written. {reasons}", kind=kind_of_refusals(refused))
    failed = [(done, done.error) for done in outcome.done if done.error is not None]
    if not failed:
        return None
    first = next((error for done, error in failed if done.status == UNKNOWN), failed[0][1])
    if len(outcome.plan.declared) == 1 and len(outcome.done) == 1:
        return first
    text = f"{len(failed)} of {len(outcome.done)} changes of {resource.plural} failed: "
    text += "; ".join(f"{done.change.key}: {error.message}" for done, error in failed[:3])
    if len(failed) > 3:
        text += f"; and {len(failed) - 3} more, each under its object in 'changes'"
    return AccessError(text, **first.failure())
