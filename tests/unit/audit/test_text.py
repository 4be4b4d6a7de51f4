# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary in the terminal."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.audit import markdown, page_scope, report, text
from unit.audit.results import change, result, tenant, whole


def applied(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**each, "status": "applied"} for each in changes]


def test_an_audit_names_the_verdict_the_tenants_and_the_findings() -> None:
    record = whole(tenant(result(change("bo", "update", roles=(["a"], ["a", "b"])))), tenant(result(), host="other"))
    assert text.audit_lines(record) == [
        "Access audit: DRIFT: some objects are not as declared",
        "",
        "  tenant  platform      verdict  findings  drift  unmanaged  errors",
        "  ds      datasentinel  drift    1         1      0          0",
        "  other   datasentinel  clean    0         0      0          0",
        "",
        "ds (datasentinel)",
        "  medium   drifted   user bo: it differs in roles (roles [a] -> [a, b])",
    ]


@pytest.mark.parametrize(
    ("waived", "left", "headline"),
    [
        ("drift", "drift", "CLEAN: no finding is open; 1 waived"),
        ("drift", "unmanaged", "FINDINGS: no drift is open; see below for what else was found; 1 waived"),
        ("unmanaged", "drift", "DRIFT: some objects are not as declared; 1 waived"),
        ("leaver", "unmanaged", "FINDINGS: every tenant is as declared; see below for what else was found"),
    ],
)
def test_nobody_is_told_that_all_is_as_declared_where_that_is_waived(waived: str, left: str, headline: str) -> None:
    told = {"drift": change("bo", "create"), "unmanaged": ("zoe", "undeclared")}
    found = tenant(
        result(
            *(told[name] for name in {waived, left} & {"drift"}),
            unmanaged=tuple(told[name] for name in {waived, left} & {"unmanaged"}),
        )
    )
    items = [{**item, "waiver": {"reason": "x"}} if item["rule"] == waived else item for item in found["findings"]]
    record = whole(report.with_findings(found, items))
    assert text.audit_lines(record)[0] == f"Access audit: {headline}"
    assert markdown.escaped(headline) in markdown.render(record)
    sentence = page_scope.verdict(record).sentence
    assert ("as declared" in sentence) == ("as declared" in headline)


def test_a_long_list_is_counted() -> None:
    record = whole(tenant(result(*(change(f"user-{number:03}", "create") for number in range(30)))))
    lines = text.audit_lines(record)
    # 30 objects, and that they are so many.
    assert lines[-1] == "  and 11 more"
    assert len(lines) == 4 + 2 + text.MOST + 1


def test_apply_says_what_was_done() -> None:
    record = tenant(
        result(
            *applied(
                change("ana", "create"),
                change("bo", "update", live_360=(True, False), comment=("", "x")),
                {**change("t", "update"), "replaced": True},
                change("leo", "delete"),
            )
        )
    )
    assert text.apply_lines([record], check_mode=False) == [
        "Changed: 1 created, 2 changed, 1 removed, on 1 tenant",
        "",
        "ds (datasentinel): 1 created, 2 changed, 1 removed",
        "  + user ana",
        '  ~ user bo (comment "" -> x; live_360 true -> false)',
        "  ~ user t replaced",
        "  - user leo",
    ]


def test_check_mode_says_what_would_be_done() -> None:
    lines = text.apply_lines([tenant(result(change("ana", "create")))], check_mode=True)
    assert lines[0] == "Would change: 1 created, on 1 tenant"
    assert lines[-1] == "  + user ana"


@pytest.mark.parametrize(("check_mode", "head"), [(False, "Changed"), (True, "Would change")])
def test_what_was_refused_is_not_called_done(check_mode: bool, head: str) -> None:
    record = tenant(result(change("leo", "delete"), failed=True, msg="Nothing was written. 1 deletions are planned"))
    assert text.apply_lines([record], check_mode=check_mode) == [
        f"{head}: nothing, on 1 tenant; not done: 1; FAILED: 1 tenant",
        "",
        "ds (datasentinel): FAILED",
        "  ! user leo: not removed",
        "  Nothing was written. 1 deletions are planned",
    ]


def test_a_failed_object_says_why() -> None:
    record = tenant(result(change("ana", "create", "quota is spent"), failed=True, msg="1 of 1 changes failed"))
    assert "  ! user ana: not created: quota is spent" in text.apply_lines([record], check_mode=False)


def test_a_platform_that_is_only_read_is_not_counted() -> None:
    record = tenant(result(change("Example Corp", "create"), remedy="Change it by hand."))
    assert text.apply_lines([record], check_mode=False) == [
        "Changed: nothing, on 1 tenant",
        "",
        "ds (datasentinel): only read",
        "  ? user Example Corp: expected and missing",
    ]
