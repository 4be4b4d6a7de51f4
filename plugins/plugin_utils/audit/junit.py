# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.junit.xml``: a suite for each tenant, a case for each object, a failure for each open finding. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import UNREADABLE, is_open


def render(record: Mapping[str, Any]) -> str:
    """JUnit's XML as test reporters of build servers read it."""
    root = ET.Element("testsuites", name="Access audit")
    suites = [_suite(record, tenant["tenant"], _objects(tenant)) for tenant in record["tenants"]]
    suites += [_suite(record, host, {("tenant", host): [_not_asked(host)]}) for host in record["scope"]["missing"]]
    own: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in record["findings"]:
        own.setdefault((item["kind"], item["key"]), []).append(item)
    if own:
        suites.append(_suite(record, "(all tenants)", own))
    for suite in suites:
        root.append(suite)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _not_asked(host: str) -> dict[str, Any]:
    return {
        "rule": UNREADABLE,
        "severity": "high",
        "message": "it should have been asked and was not",
        "remedy": "Run the audit again.",
        "waiver": None,
        "id": host,
    }


def _objects(tenant: Mapping[str, Any]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """The findings of each object, those without any included."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {
        (read["kind"], account["key"]): [] for read in tenant["kinds"] for account in read["existing"]
    }
    for item in tenant["findings"]:
        found.setdefault((item["kind"], item["key"]), []).append(item)
    return found


def _suite(
    record: Mapping[str, Any], name: str, objects: Mapping[tuple[str, str], list[Mapping[str, Any]]]
) -> ET.Element:
    # An empty suite is skipped by some readers: what was asked and holds nothing passes as a whole.
    cases = [_case(name, kind, key, found) for (kind, key), found in sorted(objects.items())] or [
        _case(name, "tenant", name, [])
    ]
    counts = {tag: sum(1 for case in cases if case.find(tag[:-1]) is not None) for tag in ("failures", "errors")}
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    suite = ET.Element(
        "testsuite",
        name=printable(name),
        tests=str(len(cases)),
        failures=str(counts["failures"]),
        errors=str(counts["errors"]),
        skipped=str(skipped),
        timestamp=str(record["run"]["at"]).rstrip("Z"),
        time="0",
    )
    suite.extend(cases)
    return suite


def _case(suite: str, kind: str, key: str, found: list[Mapping[str, Any]]) -> ET.Element:
    case = ET.Element("testcase", classname=printable(f"{suite}.{kind}"), name=printable(key), time="0")
    opened = [item for item in found if is_open(item)]
    for tag, items in (
        ("error", [item for item in opened if item["rule"] == UNREADABLE]),
        ("failure", [item for item in opened if item["rule"] != UNREADABLE]),
    ):
        if items:
            message = "; ".join(f"{item['severity']} {item['rule']}: {item['message']}" for item in items)
            element = ET.SubElement(case, tag, type=items[0]["rule"], message=printable(message))
            element.text = "\n".join(printable(f"{item['id']} {item['remedy']}") for item in items)
    if found and not opened:
        why = "; ".join(f"{item['rule']} is waived until {item['waiver']['expires']}" for item in found)
        ET.SubElement(case, "skipped", message=printable(why))
    return case
