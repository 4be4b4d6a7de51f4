# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a person's objects, and the receipt that says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256
from ansible_collections.dataops.access.plugins.plugin_utils.people import model, outcome, receipt

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "receipt.schema.json").read_text())
RUN = {
    "at": "2026-01-31T06:00:00Z",
    "check_mode": False,
    "job_id": "7",
    "job_template": None,
    "launch_type": None,
    "schedule": None,
    "user": "ops | admin",
    "revision": None,
    "versions": {"collection": "1.0.0", "ansible_core": "2.19.0", "python": "3.13.0"},
}


def person(**more: Any) -> model.Person:
    return model.read([{"email": "leo@example.com", **more}]).people[0]


def item(key: str, *people: str, nature: str = "user", **more: Any) -> dict[str, Any]:
    known = {"identity": {"email": key}, "protected": None, "enabled": None, "entitlements": ["role a"]}
    return {"key": key, "people": list(people), "nature": nature, **known, **more}


def left(platform: str, kind: str, *existing: dict[str, Any], who: Any = None, **leaving: Any) -> list[outcome.Outcome]:
    results = [{"kind": kind, "result": {"existing": list(existing)}}]
    return outcome.leave(outcome.Leaving(who or person(), **leaving), platform, results, None)


def test_only_what_is_the_persons_is_touched() -> None:
    (found,) = left(
        "devo",
        "user",
        item("leo@example.com", "leo@example.com"),
        item("leonora@example.com", "leonora@example.com"),
    )
    assert (found.key, found.status, found.entry) == (
        "leo@example.com",
        "removed",
        {"email": "leo@example.com", "state": "absent"},
    )


def test_what_can_be_disabled_is_disabled_for_a_while() -> None:
    mine = item("leo@example.com", "leo@example.com", enabled=True)
    (found,) = left("devo", "user", mine, keep_disabled=True)
    assert (found.status, found.entry) == ("disabled", {"email": "leo@example.com", "enabled": False})
    (found,) = left("devo", "user", {**mine, "enabled": False}, keep_disabled=True)
    assert (found.status, found.entry) == ("disabled", None)
    (found,) = left("datasentinel", "user", mine, keep_disabled=True)
    assert found.status == "removed"


def test_a_licence_that_is_inactive_is_no_access() -> None:
    mine = item("Acme/LEO", "leo01", nature="license", enabled=False)
    (found,) = left("dbsync", "license_user", mine, who=person(accounts={"dbsync": "LEO01"}))
    assert (found.status, found.entry) == ("absent", None)


@pytest.mark.parametrize(
    ("company", "username", "status"),
    [("Acme", "LEO01", "removed"), ("Globex", "LEO01", "open"), ("Globex", "Leo@example.com", "removed")],
)
def test_a_name_that_is_no_email_means_somebody_in_a_company_of_theirs(
    company: str, username: str, status: str
) -> None:
    own = [{"platform": "dbsync", "company": "Acme"}]
    identity = {"company": company, "username": username}
    mine = item("x", username.lower(), nature="license", enabled=True, identity=identity)
    (found,) = left("dbsync", "license_user", mine, who=person(accounts={"dbsync": "LEO01"}, access=own))
    assert found.status == status


def test_who_was_not_listed_may_be_there() -> None:
    result = {"existing": [], "summary": {"listing_complete": False}}
    leaving = outcome.Leaving(person())
    (found,) = outcome.leave(leaving, "dbsync", [{"kind": "license_user", "result": result}], None)
    assert found.status == "open"


def test_who_is_protected_stays_open_with_the_reason() -> None:
    mine = item("leo@example.com", "leo@example.com", protected="the domain's owner")
    (found,) = left("devo", "user", mine)
    assert (found.status, found.entry) == ("open", None)
    assert "it is the domain's owner" in found.detail


MOVE = {"key": "Leavers", "action": "update", "moved": [{"from": "Finance", "to": "Leavers"}]}
ENTRY = {"name": "Leavers", "users": ["leo@example.com"]}


@pytest.mark.parametrize(
    ("is_member", "overflow", "result", "status", "detail", "entry"),
    [
        (True, "Leavers", {"changes": [MOVE]}, "moved", "from Finance to Leavers", ENTRY),
        (True, "Leavers", {"changes": []}, "moved", "in Leavers", None),
        (True, None, {"changes": []}, "open", "name one as alteryx_overflow_subscription", None),
        (True, "Leavers", {"changes": [{**MOVE, "action": "create"}]}, "open", "there is no subscription", None),
        (True, "Leavers", {"failed": True, "msg": "401", "changes": []}, "open", "could not be read: 401", None),
        (None, "Leavers", {"changes": []}, "open", "the server was not read", None),
    ],
)
def test_there_is_no_way_out_of_a_subscription(
    is_member: bool | None, overflow: str | None, result: dict[str, Any], status: str, detail: str, entry: Any
) -> None:
    leaving = outcome.Leaving(person(), overflow=overflow)
    (found,) = outcome.leave(leaving, "alteryx", [{"kind": "subscription", "result": result}], None, is_member)
    assert (found.status, found.entry) == (status, entry)
    assert detail in found.detail


def test_who_is_unknown_to_a_server_is_absent_there() -> None:
    leaving = outcome.Leaving(person(), overflow="Leavers")
    assert outcome.leave(leaving, "alteryx", [], None, is_member=False) == []


def test_what_could_not_be_read_is_open() -> None:
    leaving = outcome.Leaving(person())
    (found,) = outcome.leave(leaving, "devo", [{"kind": "user", "result": {"failed": True, "msg": "401"}}], None)
    assert (found.status, found.detail) == ("open", "it could not be read: 401")
    (found,) = outcome.leave(leaving, "devo", [], "no route")
    assert (found.status, found.detail) == ("open", "no route")
    assert left("devo", "user") == []


def test_only_a_second_reading_proves_it() -> None:
    mine = item("leo@example.com", "leo@example.com", enabled=True)
    planned = left("devo", "user", mine)
    (found,) = outcome.proved(planned, left("devo", "user"), {})
    assert found.status == "removed"
    (found,) = outcome.proved(planned, planned, {"user/leo@example.com": "403"})
    assert (found.status, found.detail) == ("open", "403")
    (found,) = outcome.proved([], planned, {})
    assert (found.status, found.detail) == ("open", "it came while this ran")
    planned = left("devo", "user", mine, keep_disabled=True)
    now = left("devo", "user", {**mine, "enabled": False}, keep_disabled=True)
    assert [each.status for each in outcome.proved(planned, now, {})] == ["disabled"]


def token(number: int) -> dict[str, Any]:
    return item("notebook", "leo@example.com", nature="token", identity={"token_id": str(number)})


def test_two_objects_of_one_name_are_proved_each_by_itself() -> None:
    planned = left("devo", "token", token(5), token(6))
    found = outcome.proved(planned, planned, {"token/notebook": "403"})
    assert [(each.status, each.detail) for each in found] == [("open", "403"), ("open", "403")]
    found = outcome.proved(planned, left("devo", "token", token(6)), {})
    assert [(each.identity, each.status) for each in found] == [
        ({"token_id": "5"}, "removed"),
        ({"token_id": "6"}, "open"),
    ]
    found = outcome.proved(planned, left("devo", "token", token(7)), {})
    assert [(each.status, each.detail) for each in found][2:] == [("open", "it came while this ran")]


def test_an_unread_kind_that_stays_unread_is_told_once() -> None:
    unread = outcome.leave(outcome.Leaving(person()), "devo", [], "down")
    (found,) = outcome.proved(unread, unread, {})
    assert (found.status, found.detail) == ("open", "down")


def made(**more: Any) -> dict[str, Any]:
    rows = [
        receipt.Row("devo|eu", "devo", left("devo", "user", item("leo@example.com", "leo@example.com"))),
        receipt.Row("gallery", "alteryx", [], {"workflows": ["A `b` | c"]}),
        receipt.Row("us", "datasentinel", [], asked=False),
    ]
    return receipt.receipt(receipt.OFFBOARD, person(name="Leo *L*"), RUN, rows, "access_people: []\n", **more)


def test_a_receipt_is_sealed_and_follows_its_schema() -> None:
    record = made()
    jsonschema.validate(record, SCHEMA, jsonschema.Draft202012Validator)
    assert record["sha256"] == sha256({name: value for name, value in record.items() if name != "sha256"})
    assert [row["status"] for row in record["tenants"]] == ["removed", "absent", "not_asked"]
    assert record["complete"] is False
    assert set(SCHEMA["properties"]["tenants"]["items"]["properties"]["status"]["enum"]) == set(outcome.STATUSES)


def test_a_receipt_for_people_is_a_table_whatever_the_names() -> None:
    text = receipt.to_markdown(made())
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 5
    # A bar in a name is escaped, so that each row has its four cells.
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)
    assert "**Something is open**" in text
    assert "```yaml\naccess_people: []\n```" in text
