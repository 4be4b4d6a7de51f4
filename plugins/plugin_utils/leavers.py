# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has left, as the hosts of a play and earlier runs say it: for the rules of the audit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ansible.errors import AnsibleError

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Leaver
from ansible_collections.dataops.access.plugins.plugin_utils.declared_lists import Unread
from ansible_collections.dataops.access.plugins.plugin_utils.people import kinds, model
from ansible_collections.dataops.access.plugins.plugin_utils.people import variables as of_people
from ansible_collections.dataops.access.plugins.plugin_utils.play import HostVariables

# Where the roles have people declared: by variable, the option that names them.
ACCOUNTS = {"datasentinel_users": "email", "dbsync_license_users": "username", "devo_users": "email"}
# Where people are named in the declaration of something else. Its state says nothing of them.
MENTIONS = {"alteryx_subscriptions": "users", "devo_tokens": "user", "dqm_expected_users": "email"}
RECEIPTS = "receipt-*.json"


def leavers(
    hosts: Mapping[str, HostVariables], today: dt.date, report_dir: str | None
) -> tuple[list[Leaver], list[str]]:
    """Everybody who has left, and warnings. ``hosts``: the variables of each.

    They are named by ``access_people``, by receipts of offboarding in ``report_dir``, or declared absent by a host.
    Raises ValidationError for what cannot be read of the first two.
    """
    certain: dict[tuple[str | None, str], Leaver] = {}
    absent: dict[str, list[str]] = {}
    present: dict[str, dict[str, list[str]]] = {}
    warnings = []
    for host, variables in hosts.items():
        try:
            people = _people(variables, today)
            for leaver in _gone(people):
                certain[leaver.platform, leaver.name] = leaver
            for variable, name, is_absent in (*_declared(variables), *_granted(people, variables, host, today)):
                if is_absent:
                    absent.setdefault(name, []).append(host)
                else:
                    there = present.setdefault(name, {}).setdefault(host, [])
                    if variable not in there:
                        there.append(variable)
        except (AnsibleError, Unread) as problem:
            warnings.append(f"{host}: who is declared there is not known to the rules about leavers: {problem.message}")
    for name, reason in offboarded(report_dir).items():
        certain.setdefault((None, name), Leaver(name, reason))
    found = [replace(each, present_on=present.get(each.name, {})) for each in certain.values()]
    for name, where in absent.items():
        if (None, name) not in certain:
            on = sorted(set(where))
            shown = ", ".join(on[:3]) + (f" and {len(on) - 3} more" if len(on) > 3 else "")
            reason = f"this person is declared absent on {shown}"
            found.append(Leaver(name, reason, None, False, tuple(on), present.get(name, {})))
    return sorted(found, key=lambda each: (each.name, each.platform or "")), warnings


def _people(variables: HostVariables, today: dt.date) -> list[tuple[model.Person, str]]:
    """Who is declared as a person, with what they are today. Raises ValidationError."""
    people, _terms = of_people.of_play(variables.get)
    # Whoever is disabled has left as well.
    return [(person, person.phase(today, 0)) for person in (people.people if people else ())]


def employed(variables: HostVariables, today: dt.date) -> frozenset[str]:
    """Who is declared as a person with access: what they are called on the host's platform, in lower case."""
    try:
        own = kinds.of_platform(str(variables.get("access_platform")))
        people = _people(variables, today)
    except AnsibleError:
        return frozenset()  # `leavers` warns of it
    active = [person for person, phase in people if phase == model.ACTIVE]
    return frozenset(folded(kind.account(person)) for person in active for kind in own)


def _gone(people: Iterable[tuple[model.Person, str]]) -> Iterator[Leaver]:
    for person, phase in people:
        if phase == model.GONE:
            reason = "access_people declares this person absent"
            if not person.absent and person.end is not None:
                reason = f"this person's last day was {person.end.isoformat()}, as access_people says"
            yield Leaver(person.email, reason)
            for platform, name in person.accounts.items():
                yield Leaver(folded(name), reason, platform)


def _granted(
    people: Iterable[tuple[model.Person, str]], variables: HostVariables, host: str, today: dt.date
) -> Iterator[tuple[str, str, bool]]:
    """Who is granted something on a host, as `_declared` has it."""
    own = kinds.of_platform(str(variables.get("access_platform")))
    for person, phase in people:
        for kind in own if phase == model.ACTIVE else ():
            if any(grant.holds(kind.name, host, today) for grant in person.grants):
                yield "access_people", folded(kind.account(person)), False


def _declared(variables: HostVariables) -> Iterator[tuple[str, str, bool]]:
    """Who is named in the declared state: variable, lower-cased name, whether declared absent.

    What is wrong with a declaration is said by the module that takes it.
    """
    platform = variables.get("access_platform")
    for variable, option in {**ACCOUNTS, **MENTIONS}.items():
        # A role's variables begin with its platform.
        entries = variables.entries(variable, (option, "state")) if variable.startswith(f"{platform}_") else ()
        for entry in entries if isinstance(entries, (list, tuple)) else ():
            if not isinstance(entry, Mapping):
                continue
            is_absent = entry.get("state") == "absent"
            if is_absent and variable in MENTIONS:
                continue
            names = entry.get(option)
            for name in [names] if isinstance(names, str) else names or ():
                yield variable, folded(str(name).strip()), is_absent


def offboarded(report_dir: str | None) -> dict[str, str]:
    """Who was offboarded, with what says so: from the receipts in the report's folder. Raises ValidationError."""
    found = {}
    for path in sorted(Path(report_dir).glob(RECEIPTS)) if report_dir else ():
        try:
            receipt = json.loads(path.read_text(encoding="utf-8"))
            person = receipt["person"]
        except (OSError, ValueError, KeyError, TypeError):
            raise ValidationError(
                f"access_report_dir: {path} is no receipt of an offboarding that can be read; mend or remove it"
            ) from None
        # Who comes back has a receipt too.
        if receipt.get("action", "offboard") == "offboard":
            found[folded(str(person))] = f"this person was offboarded ({path.name})"
    return found
