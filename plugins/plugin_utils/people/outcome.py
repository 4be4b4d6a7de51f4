# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of one person on one tenant, as its platform's role found it and was told to change it. Pure.

An outcome is what the receipt says of one object. What is to be done is a list of entries by role variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import LICENSE, TOKEN
from ansible_collections.dataops.access.plugins.module_utils.core.canonical import canonical
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT
from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import folded, of_platform
from ansible_collections.dataops.access.plugins.plugin_utils.people.model import Person

GRANTED = "granted"
REMOVED, DISABLED, MOVED, NOTHING = "removed", "disabled", "moved", "absent"
OPEN, NOT_ASKED, MANUAL = "open", "not_asked", "manual"
# The most urgent first: that of a tenant is the first that one of its objects has.
STATUSES = (OPEN, NOT_ASKED, MANUAL, MOVED, DISABLED, REMOVED, GRANTED, NOTHING)
# With one of these somebody still has to act, and the run does not end well.
UNDONE = (OPEN, NOT_ASKED)


@dataclass(frozen=True)
class Outcome:
    """One object of a person. ``entry``: what a role is to be told, None: nothing is left to do.

    ``identity``: the options that name this very object, since two may have one key; empty where it is none.
    """

    kind: str
    key: str
    status: str
    detail: str = ""
    entitlements: tuple[str, ...] = ()
    entry: Mapping[str, Any] | None = None
    identity: Mapping[str, Any] = field(default_factory=dict)

    @property
    def object(self) -> tuple[str, str, str]:
        """What two readings of one object have in common."""
        return self.kind, self.key, canonical(self.identity)

    def as_dict(self) -> dict[str, Any]:
        """As the receipt has it."""
        return {
            "kind": self.kind,
            "key": self.key,
            "status": self.status,
            "detail": self.detail,
            "entitlements": list(self.entitlements),
        }


@dataclass(frozen=True)
class Leaving:
    """How somebody leaves. ``keep_disabled``: what can be disabled is kept for a while."""

    person: Person
    keep_disabled: bool = False
    # Where somebody on Alteryx Server is moved, since there is no way out of a subscription.
    overflow: str | None = None


def names(person: Person, platform: str) -> set[str]:
    """What the person may be called there: the e-mail, and the other name if there is one."""
    return {person.email, *(folded(kind.account(person)) for kind in of_platform(platform))}


def status_of(outcomes: Iterable[Outcome]) -> str:
    """The tenant's one status: the most urgent of its objects'."""
    return min((each.status for each in outcomes), key=STATUSES.index, default=NOTHING)


def leave(
    leaving: Leaving,
    platform: str,
    results: Sequence[Mapping[str, Any]],
    error: str | None,
    is_member: bool | None = None,
) -> list[Outcome]:
    """What has to become of the person's objects. ``results``: ``{kind, result}`` of the role, with ``existing``.

    ``is_member``: whether Alteryx Server has such a user, which its subscriptions do not tell; None: not known.
    """
    if platform == "dqm":
        return [_by_hand(leaving.person)]
    if platform == "alteryx":
        return _moved(leaving, results, error, is_member)
    found: list[Outcome] = []
    for part in results:
        result = part["result"]
        if result.get("existing") is None:
            found.append(Outcome(part["kind"], "", OPEN, _unread(result)))
            continue
        if (result.get("summary") or {}).get("listing_complete") is False:
            found.append(Outcome(part["kind"], "", OPEN, "the platform did not list everybody: look there by hand"))
        found += _of_kind(leaving, platform, part["kind"], result["existing"])
    return found if results else [Outcome("", "", OPEN, error or "the tenant was not read")]


def overflow_entry(leaving: Leaving) -> dict[str, Any]:
    """The entry that moves the person to where leavers are."""
    (kind,) = of_platform("alteryx")
    return {"name": leaving.overflow, "users": [kind.account(leaving.person)]}


def _unread(result: Mapping[str, Any]) -> str:
    return f"it could not be read: {result.get('msg') or 'no list of what exists was returned'}"


def _by_hand(person: Person) -> Outcome:
    known = f", user {person.accounts['dqm']}" if "dqm" in person.accounts else ""
    return Outcome(
        "user", person.email, MANUAL, f"remove {person.email}{known} in its user interface: it has no API for it"
    )


def _of_kind(leaving: Leaving, platform: str, kind: str, existing: Iterable[Mapping[str, Any]]) -> Iterator[Outcome]:
    called = names(leaving.person, platform)
    for item in existing:
        if not called.isdisjoint(folded(person) for person in item["people"]):
            yield _taken(leaving, platform, kind, item)


def _moved(
    leaving: Leaving, results: Sequence[Mapping[str, Any]], error: str | None, is_member: bool | None
) -> list[Outcome]:
    """``results``: of the plan that moves the person, since only that tells where they are."""
    told = Outcome("subscription", leaving.person.email, MOVED)
    if is_member is False:
        return []
    if is_member is None:
        return [replace(told, status=OPEN, detail=error or "the server was not read")]
    if not leaving.overflow:
        hint = "nobody can be taken out of a subscription, only moved: name one as alteryx_overflow_subscription"
        return [replace(told, status=OPEN, detail=hint)]
    result: Mapping[str, Any] = next((part["result"] for part in results), {"failed": True, "msg": error})
    if result.get("failed") or "changes" not in result:
        return [replace(told, status=OPEN, detail=_unread(result))]
    if not result["changes"]:
        return [replace(told, detail=f"in {leaving.overflow}")]
    if any(change["action"] == "create" for change in result["changes"]):
        return [replace(told, status=OPEN, detail=f"there is no subscription '{leaving.overflow}' to move to; make it")]
    moves = [move for change in result["changes"] for move in change.get("moved") or ()]
    left = ", ".join(sorted({str(move.get("from")) for move in moves}))
    return [replace(told, detail=f"from {left} to {leaving.overflow}", entry=overflow_entry(leaving))]


def _taken(leaving: Leaving, platform: str, kind: str, item: Mapping[str, Any]) -> Outcome:
    told = Outcome(kind, item["key"], REMOVED, entitlements=tuple(item["entitlements"]), identity=item["identity"])
    options = platforms.VARIABLES[platform, kind][1].resource
    if item["nature"] == LICENSE and item["enabled"] is False:
        return replace(told, status=NOTHING, detail="its licence is inactive")
    if item["nature"] == LICENSE and _may_be_another(leaving.person, item["identity"]):
        hint = "no entitlement names this company, where this may be the name of somebody else: look there by hand"
        return replace(told, status=OPEN, detail=hint)
    disabled = leaving.keep_disabled and any(option.name == "enabled" for option in options.fields)
    if disabled and item["enabled"] is False:
        return replace(told, status=DISABLED)
    if item["protected"]:
        hint = "use another token" if item["nature"] == TOKEN else "give its duties to somebody else"
        return replace(told, status=OPEN, detail=f"it is {item['protected']}: {hint}, and run this again")
    if disabled:
        return replace(told, status=DISABLED, entry={**item["identity"], "enabled": False})
    return replace(told, entry={**item["identity"], "state": ABSENT})


def _may_be_another(person: Person, identity: Mapping[str, Any]) -> bool:
    """Whether only the name speaks for it: a name that is no e-mail means somebody within its company alone."""
    if "@" in str(identity.get("username")):
        return False
    companies = {folded(grant.options.get("company")) for grant in person.grants if grant.kind == "dbsync"}
    return folded(identity.get("company")) not in companies


def entries(platform: str, outcomes: Iterable[Outcome]) -> dict[str, list[dict[str, Any]]]:
    """What the role is to be told, by its variables."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in outcomes:
        if each.entry is not None:
            told = found.setdefault(platforms.VARIABLES[platform, each.kind][0], [])
            if each.entry not in told:
                told.append(dict(each.entry))
    return found


def proved(planned: Iterable[Outcome], after: Iterable[Outcome], errors: Mapping[str, str]) -> list[Outcome]:
    """What became of it: what was planned, and a second reading. ``errors``: by kind and key, what the role said.

    Only what the second reading shows counts: what still has something to be done is open.
    """
    planned = list(planned)
    left = {each.object: each for each in after}
    found = []
    for each in planned:
        now = left.pop(each.object, None)
        if now is None or each.entry is None:
            found.append(each if now is None else now)
        elif now.entry is None:
            found.append(replace(each, status=now.status, detail=each.detail or now.detail))
        else:
            why = errors.get(f"{each.kind}/{each.key}") or "it is still there"
            found.append(replace(each, status=OPEN, detail=why))
    # What nobody had seen before.
    return found + [
        each if each.entry is None else replace(each, status=OPEN, detail="it came while this ran")
        for each in left.values()
    ]
