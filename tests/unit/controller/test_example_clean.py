# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/tenants until nothing is left to do: with its findings mended or waived, an audit says clean."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.audit.report import FAIL_ON, NONE
from unit.controller.example import controller_of, emulated, inventory

ACCEPTED = {
    "reason": "what the automation itself works with",
    "approved_by": "security@example.com",
    "expires": (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat(),
}
# What no declaration mends: the platforms keep their own accounts, an apply renews no token, and nobody has left.
WAIVERS = [
    {**ACCEPTED, "rule": "unmanaged", "pattern": r"(automation|datasentinel|robot)@example\.com|automation"},
    {**ACCEPTED, "rule": "token_permanent", "key": "automation", "tenant": "devo-eu"},
    {**ACCEPTED, "rule": "token_expiring", "key": "collector", "tenant": "devo-eu"},
    {**ACCEPTED, "rule": "unmanaged", "key": "Templates 2025", "tenant": "alteryx-server"},
    {**ACCEPTED, "rule": "group_unused", "key": "Templates 2025", "tenant": "alteryx-server"},
    {**ACCEPTED, "rule": "group_unused", "key": "Leavers", "tenant": "alteryx-server"},
]


def mended() -> dict[str, Any]:
    """The example's inventory, changed as the remedies of its findings say."""
    whole = inventory()
    hosts = whole["all"]["hosts"]
    dbsync, alteryx, devo = (hosts[name] for name in ("dbsync-partner", "alteryx-server", "devo-eu"))
    eu, us = hosts["datasentinel-eu"], hosts["datasentinel-us"]

    # licence_headroom, and unmanaged: excluded, and outside of the companies.
    dbsync["access_licence_quota"] = 20
    dbsync["dbsync_license_users"] += [
        {"company": "Globex", "username": "service-sync"},
        {"company": "Umbrella", "username": "rob@example.com"},
    ]

    # group_unused, group_abandoned, and unmanaged: in use. Their private subscriptions are empty then, and purged.
    groups = {entry["name"]: entry for entry in alteryx["alteryx_subscriptions"]}
    groups["Operations"]["users"] = ["nia@example.com"]
    alteryx["alteryx_subscriptions"].append({"name": "Archive 2024", "users": ["curator@example.com"]})
    alteryx["alteryx_max_deletions"] = "8"

    # administrators_too_many, and unmanaged: excluded. declared_stale: who moved is taken out where they were.
    users = {entry["email"]: entry for entry in eu["datasentinel_users"]}
    users["ann@example.com"]["privilege"] = "read write"
    eu["datasentinel_users"].remove(users["hal@example.com"])
    eu["datasentinel_users"].append({"email": "sso-proxy@example.com"})
    # account_duplicate, email_domain, and unmanaged.
    us["datasentinel_purge"] = True

    # account_disabled, token_permanent, and unmanaged: excluded.
    people = {entry["email"]: entry for entry in devo["devo_users"]}
    people["fay@example.com"]["enabled"] = True  # back from leave
    devo["devo_users"].append({"email": "service-siem@example.com"})
    next(entry for entry in devo["devo_tokens"] if entry.get("name") == "alerts")["expires_in"] = 7776000
    devo.update(devo_tokens_purge_exclude=[], devo_tokens_max_deletions="4")
    return whole


@pytest.mark.long
def test_after_apply_and_with_every_finding_mended_or_waived_the_verdict_is_clean(tmp_path: Path) -> None:
    with emulated() as tenants:
        controller = controller_of(tmp_path, tenants, mended())
        applied = controller.play("apply")
        assert applied.code == 0, applied.output
        done = len(tenants.requests())
        for mode in ([], ["--check"]):
            given = {"access_waivers": WAIVERS, "access_fail_on": [name for name in FAIL_ON if name != NONE]}
            audited = controller.play("audit", *mode, "-e", json.dumps(given))
            report = controller.report()
            found = [item for part in (report, *report["tenants"]) for item in part["findings"]]
            assert [item for item in found if item["waiver"] is None] == []
            assert (report["verdict"], audited.code) == ("clean", 0), audited.output
            assert audited.stats()["access_audit"]["verdict"] == "clean"
            assert {(item["rule"], item["key"]) for item in found} >= {
                (waiver["rule"], waiver["key"]) for waiver in WAIVERS if "key" in waiver
            }
            assert report["counts"] == {
                **dict.fromkeys(("findings", "drift", "unmanaged", "errors"), 0),
                "tenants": 6,
                "waived": len(found),
            }
            assert all(kind["complete"] for tenant in report["tenants"] for kind in tenant["kinds"])
        assert len(tenants.requests(done)) > 2 * 6
        assert tenants.writes(done) == []
