# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The receipt: what became of one person on every tenant, for whoever keeps it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence, markdown
from ansible_collections.dataops.access.plugins.plugin_utils.people.model import Person
from ansible_collections.dataops.access.plugins.plugin_utils.people.outcome import (
    NOT_ASKED,
    UNDONE,
    Outcome,
    status_of,
)

SCHEMA_VERSION = "1.0.0"
ONBOARD, OFFBOARD = "onboard", "offboard"


@dataclass(frozen=True)
class Row:
    """What became of the person on one tenant."""

    tenant: str
    platform: str
    outcomes: Sequence[Outcome]
    # What the person owns there that stays behind: names by sort.
    owns: Mapping[str, Sequence[str]] | None = None
    asked: bool = True

    def as_dict(self) -> dict[str, Any]:
        """As the receipt has it."""
        status = status_of(self.outcomes) if self.asked else NOT_ASKED
        return {
            "tenant": self.tenant,
            "platform": self.platform,
            "status": status,
            "objects": [each.as_dict() for each in self.outcomes],
            "owns": {name: list(items) for name, items in (self.owns or {}).items()},
        }


def receipt(
    action: str, person: Person, run: Mapping[str, Any], rows: Iterable[Row], patch: str | None
) -> dict[str, Any]:
    """The record, with the SHA-256 over everything in it. ``patch``: what has to be committed, as YAML."""
    told = [row.as_dict() for row in sorted(rows, key=lambda row: row.tenant)]
    return evidence.sealed(
        {
            "schema_version": SCHEMA_VERSION,
            "kind": "receipt",
            "action": action,
            "person": person.email,
            "name": person.name,
            "run": dict(run),
            "complete": not any(row["status"] in UNDONE for row in told),
            "tenants": told,
            "patch": patch,
        }
    )


def file_name(email: str, suffix: str) -> str:
    """``receipt-<e-mail>.json`` or ``.md``; an e-mail holds no slash."""
    return f"receipt-{email}.{suffix}"


def to_json(record: Mapping[str, Any]) -> str:
    """The file for programs."""
    return json.dumps(record, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def lines(record: Mapping[str, Any]) -> list[str]:
    """For the terminal: one line for each tenant, those that somebody has to look at with what to do."""
    words = {ONBOARD: "Joined", OFFBOARD: "Left"}
    found = [f"{words[record['action']]}: {record['person']}" + (f" ({record['name']})" if record["name"] else "")]
    width = max((len(row["tenant"]) for row in record["tenants"]), default=0)
    for row in record["tenants"]:
        found.append(f"  {row['tenant']:<{width}}  {row['status'].replace('_', ' '):<9}  {_objects(row)}".rstrip())
        for name, items in row["owns"].items():
            found.append(f"  {'':<{width}}  still owns {name}: {', '.join(items)}")
    return found


def to_markdown(record: Mapping[str, Any]) -> str:
    """The file for people: a ticket, a mail."""
    cell = markdown.escaped
    verb = "joined" if record["action"] == ONBOARD else "left"
    state = "Everything is done." if record["complete"] else "**Something is open**, see the table."
    run = record["run"]
    job, user = cell(str(run["job_id"])), cell(str(run["user"] or "unknown"))
    text = [
        f"# {cell(record['person'])} has {verb}",
        "",
        f"{state} Run of {run['at']}, job {job}, by {user}.",
        "",
        "| tenant | platform | status | what |",
        "| --- | --- | --- | --- |",
    ]
    for row in record["tenants"]:
        what = "; ".join(
            [_objects(row), *(f"still owns {name}: {', '.join(items)}" for name, items in row["owns"].items())]
        )
        text.append(f"| {cell(row['tenant'])} | {row['platform']} | {row['status']} | {cell(what)} |")
    if record["patch"]:
        text += ["", "To be committed, or the next apply undoes this:", "", "```yaml", record["patch"].rstrip(), "```"]
    return "\n".join([*text, "", f"SHA-256 of the record: {record['sha256']}", ""])


def _objects(row: Mapping[str, Any]) -> str:
    told = []
    for item in row["objects"]:
        name = f"{item['kind']} {item['key']}".strip()
        shown = item["status"] if item["status"] != row["status"] else ""
        told.append(": ".join(part for part in (name, shown, item["detail"]) if part))
    return "; ".join(told)


def person_yaml(person: Person, profiles: Sequence[str], **more: Any) -> str:
    """The person as an entry of ``access_people``."""
    entry = {
        "email": person.email,
        "name": person.name,
        "profiles": list(profiles),
        "end_date": person.end.isoformat() if person.end else None,
        **more,
    }
    kept = {name: value for name, value in entry.items() if value not in (None, [], "")}
    return dump({"access_people": [kept]})


def dump(value: Any) -> str:
    """YAML as a person writes it. Through JSON, since Ansible's texts are of classes that PyYAML does not know."""
    return yaml.safe_dump(json.loads(json.dumps(value, default=str)), allow_unicode=True, sort_keys=False, width=10**6)
