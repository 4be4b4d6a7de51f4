# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of whole runs: one with everything that a report can say, and one with nothing to say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import report
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import finding
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import RULES
from unit.audit.results import CONTEXT, RUN, account, change, judged, result

# A name as somebody would choose it who wants to be overlooked, or more than that.
HOSTILE = "zoe\u202e@evil.example.com<script>document.title='owned'</script>\"'><img src=x onerror=alert(1)>\x1b[2J"

# The samples say themselves what else was found.
OFF = {rule.id: False for rule in RULES if rule.can_be_off and rule.id not in ("drift", "unmanaged")}
KINDS = {"alteryx": "subscription", "datasentinel": "user", "dbsync": "license_user", "devo": "token", "dqm": "client"}
NOT_COVERED = {
    "alteryx": ["Rights inside of a subscription: the interface tells members, not roles."],
    "datasentinel": ["When somebody logged in last.", "Whether an account is disabled."],
    "dbsync": ["How many licences were bought.", "Which flows a licence user runs."],
    "devo": ["Users that sign on through a directory before their first visit."],
    "dqm": ["Other users of the account: a user's clients are listed, the users are not."],
}


def existing(key: str, nature: str, *people: str, **more: Any) -> dict[str, Any]:
    """One object as the plural modules tell it where an audit asks."""
    return account(key, **{"nature": nature, "people": list(people), "entitlements": [], "enabled": None, **more})


def tenant(
    host: str, platform: str, told: dict[str, Any], error: str | None = None, quota: int | None = None
) -> dict[str, Any]:
    """The record of one tenant with one kind of object; ``quota``: how many licences it may use."""
    target = {"platform": platform, "api_url": f"https://{host}.example.com/api", "identity": "audit@example.com"}
    results = [{"kind": KINDS[platform], "result": {**told, "target": target}}] if told else []
    record = report.tenant_record(host, platform, results, error, NOT_COVERED[platform])
    return judged(record, replace(CONTEXT, licence_quota=quota), **OFF)


def finished(
    records: list[dict[str, Any]], fixed: list[dict[str, Any]], scope: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """The whole report, counted anew since findings were waived or added after a tenant's record was made."""
    for record in records:
        record["counts"] = report.count(record["findings"])
        record["verdict"] = report.verdict(record["counts"])
    run = {**RUN, "job_id": "4711", "job_template": "Access audit", "schedule": "nightly", "revision": "8c1f0d2"}
    return report.run_record(run, records, scope, fixed=fixed, **more)


def rich() -> dict[str, Any]:
    """Every status, severity and mark at least once, a hostile name in every place, tenants missing and left out."""
    ds = tenant(
        "ds-eu",
        "datasentinel",
        result(
            change("ana@example.com", "update", privilege=("admin", "read"), roles=(["billing", "ops"], [])),
            change("bo@example.org", "create", privilege=(None, "read write"), live_360=(None, True)),
            change("leo@example.com", "delete"),
            change("robot@example.com", "delete", "it is the account in use"),
            unmanaged=((HOSTILE, "undeclared"), ("sso@example.com", "excluded")),
            existing=[
                existing(
                    "ana@example.com",
                    "user",
                    "ana@example.com",
                    entitlements=["privilege admin", "role ops"],
                    administrator=True,
                ),
                existing(
                    "leo@example.com",
                    "user",
                    "leo@example.com",
                    declared="absent",
                    entitlements=["privilege read"],
                    unrestricted=True,
                ),
                existing(
                    "robot@example.com",
                    "user",
                    "robot@example.com",
                    declared="absent",
                    protected="the account in use",
                    entitlements=["privilege admin"],
                    administrator=True,
                ),
                existing(HOSTILE, "user", HOSTILE, declared=None, entitlements=[f"role {HOSTILE}"]),
                existing("sso@example.com", "user", "sso@example.com", declared=None, entitlements=["privilege read"]),
            ],
        ),
    )
    devo = tenant(
        "devo-eu",
        "devo",
        result(
            change(
                "collector",
                "update",
                scopes=(["table://web.*"], ["table://web.access"]),
                secret=("********", "********"),
            ),
            unmanaged=(("old-export", "undeclared"),),
            existing=[
                existing(
                    "collector",
                    "token",
                    "ana@example.com",
                    entitlements=["scope table://web.*"],
                    enabled=True,
                    created="2025-11-20T08:00:00Z",
                    expires="2026-02-12T08:00:00Z",
                    permanent=False,
                ),
                existing(
                    "dashboards",
                    "token",
                    "bo@example.org",
                    entitlements=["scope table://*.**"],
                    wide=["scope table://*.**"],
                    enabled=True,
                    created="2025-06-01T08:00:00Z",
                    permanent=True,
                ),
                existing(
                    "old-export",
                    "token",
                    declared=None,
                    entitlements=["audience api"],
                    enabled=False,
                    created="2025-01-10T00:00:00Z",
                    expires="2026-01-10T00:00:00Z",
                    permanent=False,
                ),
                existing(
                    "nightly",
                    "token",
                    "Ana@Example.com",
                    entitlements=["audience api"],
                    enabled=True,
                    created="2026-01-01T00:00:00Z",
                    expires="2026-09-30T00:00:00Z",
                    permanent=False,
                ),
                existing(
                    HOSTILE,
                    "token",
                    "leo@example.com",
                    declared=None,
                    expires=HOSTILE,
                    created=HOSTILE,
                    permanent=False,
                ),
            ],
        ),
    )
    dbsync = tenant(
        "dbsync-acme",
        "dbsync",
        result(
            unmanaged=(("Acme/cleo@example.com", "out_of_scope"),),
            existing=[
                existing(
                    "Acme/ana@example.com",
                    "license",
                    "ana@example.com",
                    entitlements=["license of Acme"],
                    enabled=True,
                    created="2025-04-01",
                    expires="2026-04-01",
                ),
                existing(
                    "Acme/leo@example.com",
                    "license",
                    "leo@example.com",
                    entitlements=["license of Acme"],
                    enabled=False,
                    expires="2025-12-31",
                ),
                existing(
                    "Acme/cleo@example.com",
                    "license",
                    "cleo@example.com",
                    declared=None,
                    entitlements=["license of Acme"],
                    enabled=True,
                ),
                existing("Acme/ETL-1", "license", "etl-1", entitlements=["license of Acme"]),
            ],
        ),
        quota=5,
    )
    alteryx = tenant(
        "alteryx-hq",
        "alteryx",
        result(
            unmanaged_members=[
                {"key": "Finance", "members": [{"id": "a1", "name": "Leo", "email": "leo@example.com"}]}
            ],
            existing=[
                existing(
                    "Finance",
                    "group",
                    "ana@example.com",
                    "leo@example.com",
                    entitlements=["subscription Finance"],
                    users=2,
                    workflows=14,
                ),
                existing(
                    "Left behind",
                    "group",
                    declared=None,
                    entitlements=["subscription Left behind"],
                    users=0,
                    workflows=3,
                ),
            ],
        ),
    )
    dqm = tenant(
        "dqm", "dqm", {}, error="The account in use was refused (403): ask for the role that may list clients."
    )
    ds["findings"] += [
        found(
            "admin_not_approved",
            "critical",
            "forbidden",
            ds,
            "ana@example.com",
            "is an administrator and not among the approved ones",
        ),
        found("leaver", "critical", "forbidden", ds, HOSTILE, f"left on 2026-01-15 and is still active as {HOSTILE}"),
    ]
    devo["findings"] += [
        found("token_permanent", "medium", "forbidden", devo, "dashboards", "never expires"),
        found("token_expiring", "low", "forbidden", devo, "collector", "expires in 12 days"),
    ]
    waiver = {
        "owner": "ana@example.com",
        "approved_by": "ciso@example.com",
        "ticket": "SEC-118",
        "reason": "Moved in spring",
        "expires": "2026-04-30",
    }
    devo["findings"][-2]["waiver"] = waiver
    for item, trend in zip(ds["findings"], ["persisting", "new"] * 10, strict=False):
        item["trend"], item["since"] = trend, "2026-01-31T06:00:00Z" if trend == "new" else "2026-01-03T06:00:00Z"
    fixed = [
        found(
            "duplicate_account",
            "medium",
            "unmanaged",
            dbsync,
            "Acme/ANA@example.com",
            "differs from another account in case alone",
        )
    ]
    records = [ds, devo, dbsync, alteryx, dqm]
    hosts = [record["tenant"] for record in records]
    scope = report.scope([*hosts, "ds-us", "devo-us"], [*hosts, "ds-us"], hosts, "*-eu:dqm")
    return finished(
        records,
        fixed,
        scope,
        rules={"token_expiring": {"severity": "low", "days": 30}, "mass_change": None},
        previous={"at": "2026-01-30T06:00:00Z", "sha256": "ab" * 32},
        found=[
            found(
                "waiver_unused", "low", "unknown", {"tenant": "", "platform": ""}, "SEC-7", "the waiver matches nothing"
            )
        ],
    )


def found(
    rule: str, severity: str, status: str, record: dict[str, Any], key: str, message: str, **more: Any
) -> dict[str, Any]:
    """A finding with a remedy of several lines."""
    kind = KINDS.get(record["platform"], "waiver")
    remedy = f"Declare it among the {kind}s of this tenant:\n  - email: {key}\n    state: absent"
    return {
        **finding(rule, severity, status, record, kind, key, message, remedy, people=[key] if "@" in key else []),
        **more,
    }


def clean() -> dict[str, Any]:
    """Nothing was found."""
    records = [
        tenant("ds-eu", "datasentinel", result(existing=[existing("ana@example.com", "user", "ana@example.com")]))
    ]
    return finished(records, [], report.scope(["ds-eu"], ["ds-eu"], ["ds-eu"], None))
