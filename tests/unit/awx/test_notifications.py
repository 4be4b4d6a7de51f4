# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of notifications: the controller takes them, and they say the numbers of a job, or do without."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jinja2 import ChainableUndefined, StrictUndefined, Template, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from unit.awx.configured import ALL_GIVEN, one

NOTIFICATIONS = {each["name"].rsplit(" ", 1)[1]: each for each in one("controller_notifications", ALL_GIVEN)}
ENDS = ("success", "error")
APPROVALS = ("running", "approved", "timed_out", "denied")

# What a message may use of any job, with the values that the controller checks messages with.
STUB: dict[str, Any] = {
    "job": {
        "artifacts": {},
        "elapsed": 0.4,
        "failed": False,
        "host_status_counts": {"changed": 3, "failures": 0, "ok": 5},
        "id": 42,
        "job_type": "run",
        "limit": "",
        "name": "Stub JobTemplate",
        "playbook": "ping.yml",
        "status": "running",
        "summary_fields": {"inventory": {"name": "Stub Inventory"}},
    },
    "job_friendly_name": "Job",
    "url": "https://controller.example.com/#/jobs/playbook/42",
    "approval_status": "approved",
    "approval_node_name": "Approve Me",
    "workflow_url": "https://controller.example.com/#/jobs/workflow/43",
    "job_metadata": "{}",
}
AUDIT = {
    "verdict": "drift",
    "tenants": 6,
    "findings": 12,
    "drift": 3,
    "unmanaged": 5,
    "errors": 0,
    "create": 21,
    "update": 22,
    "delete": 23,
    "registrations": 24,
    "sha256": "0" * 64,
}
CHANGES = {"tenants": 2, "applied": 31, "failed": 32, "unknown": 0, "sha256": "0" * 64}
PERSON = {"person": "ann@example.com", "operation": "offboard", "complete": False, "sha256": "0" * 64}


class Undefined(StrictUndefined):
    """Not even in a text: the name of the field is what the controller complains of."""

    __str__ = __repr__ = StrictUndefined._fail_with_undefined_error


SAVED = ImmutableSandboxedEnvironment(undefined=Undefined)
SENT = ImmutableSandboxedEnvironment(undefined=ChainableUndefined)
SENT_FOR_APPROVAL = ImmutableSandboxedEnvironment()


@cache
def compiled(environment: ImmutableSandboxedEnvironment, text: str) -> Template:
    return environment.from_string(text)


def messages(kind: str) -> list[dict[str, str]]:
    """For each end of a job and of an approval: its message, and body if it has one."""
    given = NOTIFICATIONS[kind]["messages"]
    return [given[end] for end in ENDS] + [given["workflow_approval"][each] for each in APPROVALS]


def sent(kind: str, **job: Any) -> tuple[str, Any]:
    """Message and body for a job with these fields beside those of every job."""
    fields = {"id": 7, "name": "Access audit", "status": "failed", **job}
    context = {"job": fields, "job_friendly_name": "Job", "url": STUB["url"], "job_metadata": "{}"}
    message = NOTIFICATIONS[kind]["messages"]["error"]
    rendered = {name: compiled(SENT, text).render(context) for name, text in message.items()}
    return rendered["message"], rendered.get("body")


def facts(body: str) -> dict[str, str]:
    """The facts on a card."""
    (attachment,) = json.loads(body)["attachments"]
    return {fact["title"]: fact["value"] for fact in attachment["content"]["body"][1]["facts"]}


@pytest.mark.parametrize("kind", NOTIFICATIONS)
def test_one_kind_needs_the_settings_of_no_other(kind: str) -> None:
    others = {f"access_awx_{other}": {} for other in NOTIFICATIONS if other != kind}
    assert one("controller_notifications", {**ALL_GIVEN, **others, "access_awx_notifications": [kind]}) == [
        NOTIFICATIONS[kind]
    ]


@pytest.mark.parametrize("kind", NOTIFICATIONS)
def test_the_controller_takes_the_messages(kind: str) -> None:
    for text in (text for message in messages(kind) for text in message.values()):
        rendered = compiled(SAVED, text).render(STUB)
        assert rendered.strip()
        assert "\n" not in rendered


def test_what_the_controller_would_not_take_is_found() -> None:
    for text in ("{{ job.artifacts.access_audit.drift }}", "{{ job.artifacts.access_audit }}", "{{ nobody }}"):
        with pytest.raises(UndefinedError):
            compiled(SAVED, text).render(STUB)


@pytest.mark.parametrize("kind", NOTIFICATIONS)
def test_only_mail_and_webhooks_have_a_body_and_that_of_a_webhook_is_json(kind: str) -> None:
    has_body = NOTIFICATIONS[kind]["notification_type"] in ("email", "webhook")
    bodies = [message["body"] for message in messages(kind) if "body" in message]
    assert len(bodies) == (len(ENDS + APPROVALS) if has_body else 0)
    if NOTIFICATIONS[kind]["notification_type"] == "webhook":
        for body in bodies:
            assert isinstance(json.loads(compiled(SAVED, body).render(STUB)), dict)


@pytest.mark.parametrize("kind", ["email", "mattermost", "slack"])
def test_the_numbers_of_an_audit_are_said(kind: str) -> None:
    message, body = sent(kind, artifacts={"access_audit": AUDIT, "access_plan": {}})
    assert message == (
        "Access audit #7 failed: drift on 6 tenants, 3 out of line, 21 to create, 22 to change, 23 to delete, "
        "24 to register, 5 unmanaged, 12 findings, 0 errors - https://controller.example.com/#/jobs/playbook/42"
    )
    assert body in (None, message)


def test_the_numbers_of_an_apply_and_the_end_of_an_offboarding_are_said() -> None:
    message, _body = sent("slack", artifacts={"access_changes": CHANGES})
    assert "failed; 31 applied, 32 failed, 0 unknown on 2 tenants - https" in message
    message, _body = sent("slack", artifacts={"access_person": PERSON, "access_changes": CHANGES})
    assert message.index("31 applied") < message.index(
        "; offboard ann@example.com: not complete, look at the receipt - "
    )


def test_programs_get_the_numbers_as_they_are() -> None:
    _message, body = sent("webhook", artifacts={"access_audit": AUDIT, "access_person": PERSON})
    record = json.loads(body)
    assert (record["audit"], record["changes"], record["person"]) == (AUDIT, {}, PERSON)
    assert (record["job"], record["status"]) == (7, "failed")


def test_a_card_shows_the_numbers() -> None:
    _message, body = sent("teams", artifacts={"access_audit": AUDIT, "access_changes": CHANGES})
    shown = facts(body)
    assert (shown["status"], shown["verdict"], shown["delete"], shown["applied"]) == ("failed", "drift", "23", "31")
    assert "sha256" not in shown


@pytest.mark.parametrize("kind", NOTIFICATIONS)
@pytest.mark.parametrize(
    "job",
    [
        {},
        {"artifacts": {}},
        {"artifacts": None},
        {"artifacts": "$hidden due to Ansible no_log flag$"},
        {"artifacts": {"access_audit": "$hidden due to Ansible no_log flag$"}},
        {"artifacts": {"access_audit": {}}},
    ],
    ids=["the parent of slices", "nothing", "null", "hidden", "hidden stat", "empty"],
)
def test_a_job_without_numbers_is_told_without_them(kind: str, job: dict[str, Any]) -> None:
    message, body = sent(kind, **job)
    assert message == "Access audit #7 failed - https://controller.example.com/#/jobs/playbook/42"
    if NOTIFICATIONS[kind]["notification_type"] == "webhook":
        assert isinstance(json.loads(body), dict)


@pytest.mark.parametrize("kind", NOTIFICATIONS)
@pytest.mark.parametrize("status", APPROVALS)
def test_an_approval_says_what_it_lets_through(kind: str, status: str) -> None:
    """Its name does: nothing else that a notification gets could."""
    name = 'Apply access changes? 21 created, "quoted"'
    context = {**STUB, "approval_status": status, "approval_node_name": name}
    del context["job"], context["url"]
    texts = NOTIFICATIONS[kind]["messages"]["workflow_approval"][status]
    rendered = {place: compiled(SENT_FOR_APPROVAL, text).render(context) for place, text in texts.items()}
    word = {"running": "waiting for you", "timed_out": "timed out"}.get(status, status)
    assert rendered["message"] == f"{name} ({word}) - {STUB['workflow_url']}"
    if NOTIFICATIONS[kind]["notification_type"] == "webhook":
        assert json.dumps(name) in json.dumps(json.loads(rendered["body"]))
