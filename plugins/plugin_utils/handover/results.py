# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of the token modules, put together to the one of a rotation: without any secret. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

# Of a module's result what is shown and kept; none of it holds a secret.
_KEPT = ("changed", "changes", "diff", "failed", "failure", "msg", "stats", "summary", "target", "warnings")
# What a plan says of a run that goes on after it.
_OF_A_PLAN = ("stats", "summary", "target", "warnings")
_BAD = ("failed", "unknown")


def public(result: Mapping[str, Any]) -> dict[str, Any]:
    """A module's result as far as it is shown and kept."""
    return {name: result[name] for name in _KEPT if result.get(name) is not None}


def of_plan(plan: Mapping[str, Any]) -> dict[str, Any]:
    """What a plan says beside the changes that a run then makes."""
    return {name: value for name, value in public(plan).items() if name in _OF_A_PLAN}


def planned(plan: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A plan with the changes of these objects alone, and without what it refuses for the others."""
    changes = [change for key, change in by_key(plan).items() if key in names]
    diff = plan.get("diff") or {}
    shown = {side: {key: value for key, value in (diff.get(side) or {}).items() if key in names} for side in diff}
    return {**of_plan(plan), "changes": changes, "changed": bool(changes), **({"diff": shown} if shown else {})}


def by_key(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The changes by what they change."""
    return {str(change["key"]): dict(change) for change in result.get("changes") or ()}


def went_wrong(result: Mapping[str, Any], key: str) -> bool:
    """Whether this object is not as it should be after a run: it failed, or nothing was done at all."""
    change = by_key(result).get(key)
    if change is not None:
        return bool(change["status"] != "applied")
    return bool(result.get("failed")) and "changes" not in result


def renamed(result: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A result with some of its objects called otherwise."""
    changes = [
        {**change, "key": names.get(str(change["key"]), change["key"])} for change in result.get("changes") or ()
    ]
    return {**result, "changes": changes}


def merged(results: Iterable[Mapping[str, Any]], problems: Mapping[str, str]) -> dict[str, Any]:
    """One result of several that follow each other. ``problems``: what went wrong besides, by the token's name."""
    whole: dict[str, Any] = {"changed": False, "warnings": [], "stats": {}, "summary": {}}
    changes: dict[str, dict[str, Any]] = {}
    said: list[str] = []
    for result in results:
        for key, change in by_key(result).items():
            changes[key] = _followed(changes[key], change) if key in changes else change
        if result.get("failed"):
            said.append(str(result.get("msg") or "it failed without a message"))
            whole.setdefault("failure", result.get("failure"))
        whole["changed"] = whole["changed"] or bool(result.get("changed"))
        whole["warnings"] += [text for text in result.get("warnings") or () if text not in whole["warnings"]]
        whole["stats"] = _sum(whole["stats"], result.get("stats") or {})
        whole["summary"] = whole["summary"] or dict(result.get("summary") or {})
        if result.get("target"):
            whole["target"] = result["target"]
        if result.get("diff"):
            whole["diff"] = _both(whole.get("diff") or {}, result["diff"])
    for key, text in problems.items():
        change = changes.setdefault(key, {"key": key, "action": "update", "fields": {}})
        change.update(status="failed", error={"msg": text})
        said.append(f"{key}: {text}")
    if changes or not said:
        whole["changes"] = list(changes.values())
        _count(whole)
    if said:
        whole.update(failed=True, msg="; ".join(dict.fromkeys(said)))
    return whole


def _followed(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """One change of two to the same token: what both changed, and how it ended."""
    fields = {**first["fields"], **second["fields"]}
    if "secret" in first["fields"]:
        fields.pop("unfinished", None)  # what this run began, it has finished
    both = {**first, **second, "fields": fields}
    if first["status"] in _BAD:
        both.update(status=first["status"], error=first["error"])
    if first.get("replaced"):
        both["replaced"] = True
    return both


def _count(whole: dict[str, Any]) -> None:
    actions = Counter(change["action"] for change in whole["changes"])
    failed = sum(change["status"] in _BAD for change in whole["changes"])
    numbers = {action: actions[action] for action in ("create", "update", "delete")}
    declared = whole["summary"].get("declared") or 0
    in_sync = max(0, declared - actions["update"])
    whole["summary"] = {**whole["summary"], **numbers, "in_sync": in_sync, "failed": failed}


def _both(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two diffs: before the first, after the second."""
    return {
        "before": {**(second.get("before") or {}), **(first.get("before") or {})},
        "after": {**(first.get("after") or {}), **(second.get("after") or {})},
    }


def _sum(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(one.get(name, 0) + other.get(name, 0), 3) for name in {**one, **other}}
