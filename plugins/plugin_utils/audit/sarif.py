# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.sarif``: the findings in SARIF 2.1.0, at the line that declares the object where that is known. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# The severity of a code scanning alert, on the scale of CVSS.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}


def render(record: Mapping[str, Any]) -> str:
    """One run of one tool, a result for each finding; waived ones are suppressed."""
    found = [item for tenant in record["tenants"] for item in tenant["findings"]] + list(record["findings"])
    rules = sorted({item["rule"] for item in found})
    run = {
        "tool": {
            "driver": {
                "name": "dataops.access audit",
                "informationUri": "https://github.com/dataops-collections/access",
                "version": str(record["run"]["versions"]["collection"] or "0"),
                "rules": [_rule(rule, (item for item in found if item["rule"] == rule)) for rule in rules],
            }
        },
        "automationDetails": {"id": "access-audit/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": record["verdict"] != "error", "endTimeUtc": record["run"]["at"]},
        ],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository with the inventory."}}},
        "results": [_result(item, rules.index(item["rule"])) for item in found],
        "properties": {"sha256": record["sha256"], "verdict": record["verdict"], "partial": record["scope"]["partial"]},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, sort_keys=True) + "\n"


def _rule(rule: str, found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    worst = min((item["severity"] for item in found), key=list(_SCORES).index)
    return {
        "id": rule,
        "name": "".join(part.capitalize() for part in rule.split("_")),
        "shortDescription": {"text": rule.replace("_", " ")},
        "defaultConfiguration": {"level": _LEVELS[worst]},
        "properties": {"security-severity": _SCORES[worst], "tags": ["security", "access"]},
    }


def _result(item: Mapping[str, Any], rule: int) -> dict[str, Any]:
    where = f"{item['tenant']}: {item['kind']} {item['key']}"
    result: dict[str, Any] = {
        "ruleId": item["rule"],
        "ruleIndex": rule,
        "level": _LEVELS[item["severity"]],
        "message": {"text": printable(f"{where}: {item['message']}. {item['remedy']}")},
        "locations": [_location(item, where)],
        # The same in every run, so that an alert is not raised again.
        "partialFingerprints": {"accessFinding/v1": item["id"]},
        "properties": {name: item[name] for name in ("severity", "status", "platform", "tenant", "kind", "key")},
    }
    if item["trend"] is not None:
        result["baselineState"] = "new" if item["trend"] == "new" else "unchanged"
    if item["waiver"] is not None:
        why = f"{item['waiver']['reason'] or 'waived'}, until {item['waiver']['expires']}"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": printable(why)}]
    return result


def _location(item: Mapping[str, Any], where: str) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": printable(where), "kind": "resource"}],
    }
    if item["location"] is not None:
        location["physicalLocation"] = {
            "artifactLocation": {
                "uri": quote(item["location"]["file"], errors="surrogateescape"),
                "uriBaseId": "SRCROOT",
            },
            "region": {"startLine": item["location"]["line"]},
        }
    return location
