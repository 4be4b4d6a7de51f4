# SPDX-License-Identifier: GPL-3.0-or-later
"""A record as large as a large company's, and the pages that the tests in a browser open.

``python -m unit.audit.large FOLDER`` (with ``tests`` on the path) writes them.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import page, report
from unit.audit import sample
from unit.audit.results import result

NATURES = {"alteryx": "group", "datasentinel": "user", "dbsync": "license", "devo": "token", "dqm": "client"}
RULES = (
    ("drift", "drifted"),
    ("unmanaged", "unmanaged"),
    ("leaver", "forbidden"),
    ("admin_not_approved", "forbidden"),
    ("token_expiring", "forbidden"),
    ("license_expired", "unknown"),
)


def large(findings: int = 5_000, people: int = 1_000, tenants: int = 10) -> dict[str, Any]:
    """Made-up people with an account on every other tenant, and findings about them; the same in every run."""
    draw = random.Random(1)  # noqa: S311 - no secret, the same in every run
    names = [f"person-{number:04}@example.com" for number in range(people)]
    records = []
    for number in range(tenants):
        platform = sorted(NATURES)[number % len(NATURES)]
        accounts = [_account(draw, platform, name) for name in names if number == 0 or draw.random() < 0.5]
        records.append(sample.tenant(f"{platform}-{number}", platform, result(existing=accounts)))
    for number in range(findings):
        record, name = records[number % tenants], draw.choice(names)
        rule, status = RULES[draw.randrange(len(RULES))]
        severity = draw.choices(report.SEVERITIES, (1, 10, 60, 29))[0]
        fields = {"privilege": {"before": "admin", "after": "read"}} if rule == "drift" else {}
        message = f"{rule.replace('_', ' ')} number {number} of {name}, found by the nightly run"
        record["findings"].append(
            sample.found(
                rule,
                severity,
                status,
                record,
                name,
                message,
                fields=fields,
                id=f"{number:016x}",
                trend="persisting",
                since="2025-12-24T06:00:00Z",
            )
        )
    hosts = [record["tenant"] for record in records]
    return sample.finished(records, [], report.scope(hosts, hosts, hosts, None))


def _account(draw: random.Random, platform: str, name: str) -> dict[str, Any]:
    nature = NATURES[platform]
    rights = [f"role {role}" for role in draw.sample(["billing", "ops", "reader", "audit"], 2)]
    more: dict[str, Any] = {}
    if nature == "token":
        more = {
            "created": "2025-10-01T00:00:00Z",
            "expires": f"2026-{draw.randrange(1, 13):02}-15T00:00:00Z",
            "permanent": False,
        }
    return sample.existing(
        name,
        nature,
        name,
        entitlements=rights,
        declared=draw.choices(["present", None, "absent"], (90, 8, 2))[0],
        enabled=draw.random() < 0.95,
        administrator=draw.random() < 0.03,
        **more,
    )


SAMPLES = {"rich": sample.rich, "clean": sample.clean, "large": large}


def main(folder: str) -> None:
    """Write one page for each sample."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name, make in SAMPLES.items():
        (place / f"{name}.html").write_text(page.render(make()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
