#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the report of all tenants. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_report
short_description: Make the access report of all tenants of a play
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Collects the records that M(dataops.access.access_tenant) registered on each host, and prints a summary.
  - In an audit it finds what is wrong, by rules, says which findings are waived, new, persisting or fixed, writes the
    report, C(tenants/<host>.json) for each tenant, and a copy of the report under C(history/), and sets the stats
    C(access_audit), C(access_audit__<host>) and C(access_plan).
  - After an apply it writes C(changes.json) and a copy of it under C(history/), and sets the stat C(access_changes);
    in check mode neither.
  - A host of the play without a record makes the verdict V(error). Tenants that the run left out make the report
    partial, and it names them.
  - The role P(dataops.access.access_report#role) uses it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
  - dataops.access.attributes.once
options:
  tenants:
    description:
      - Name of the variable that each host registered its record in.
    type: str
    required: true
  mode:
    description:
      - V(audit) for what was compared, V(apply) for what was written, V(validate) for what
        M(dataops.access.access_declared) registered, to print who gets what.
    type: str
    choices: [audit, apply, validate]
    default: audit
  operation:
    description:
      - With O(mode=apply), what the record says that was run. Of other operations than V(apply), tenants of the play
        that have no record are left out, not missing.
    type: str
    default: apply
  expected:
    description:
      - Every tenant that a whole report speaks of, whatever the limit of this run.
    type: list
    elements: str
    default: []
  report_dir:
    description:
      - Folder of the report. Without it nothing is written.
    type: str
  fail_on:
    description:
      - What the audit ends as failed on, out of V(drift), V(unmanaged), V(error), V(critical), V(high), V(medium),
        V(low), or V(none) alone. It never changes the verdict.
    type: raw
    default: [drift, error, critical, high]
  waivers:
    description:
      - The findings that somebody accepts, a list as the variable C(access_waivers) of the role
        P(dataops.access.access_report#role).
    type: raw
  previous_report:
    description:
      - The report before this one. If it is blank, C(report.json) in O(report_dir), if it is there.
    type: str
  rules:
    description:
      - C(access_rules), the rules of the audit as far as they differ from their defaults. The guide about audits has a
        table of rules.
    type: raw
  timezone:
    description:
      - The time zone whose date decides whether somebody's last day is over.
    type: str
    default: UTC
  sinks:
    description:
      - Where the files that are written go besides, a list as the variable C(access_report_sinks). The guide about
        report sinks (C(docs/report-sinks.md)) has its options.
    type: raw
  output:
    description:
      - The form of what is printed of an audit. V(markdown) is at most 8,000 characters long.
    type: str
    choices: [text, markdown]
    default: text
seealso:
  - module: dataops.access.access_tenant
"""

EXAMPLES = r"""
- name: The report of all tenants
  dataops.access.access_report:
    tenants: tenant
    expected: "{{ groups['all'] }}"
    report_dir: access-report
"""

RETURN = r"""
verdict:
  description: One of V(clean), V(findings), V(drift) and V(error).
  returned: with O(mode=audit)
  type: str
  sample: findings
scope:
  description: Which tenants the report speaks of, and which it does not.
  returned: with O(mode=audit)
  type: dict
  contains:
    expected:
      description: The tenants of a whole report.
      type: list
      elements: str
      returned: always
    reported:
      description: The tenants with a record.
      type: list
      elements: str
      returned: always
    missing:
      description: The tenants that the play should have asked and did not.
      type: list
      elements: str
      returned: always
    left_out:
      description: The tenants that the run was told to leave out.
      type: list
      elements: str
      returned: always
    partial:
      description: Whether any were left out.
      type: bool
      returned: always
    limit:
      description: The limit of the run, null if there was none.
      type: str
      returned: always
failing:
  description:
    - Why each tenant ends as failed, a list of sentences by host; empty where it does not. What concerns the run as a
      whole, as a report that could not be sent, is told of the host that this runs on.
  returned: with O(mode=audit) and O(mode=apply)
  type: dict
  sample: {datasentinel-eu: [2 objects are not as declared]}
paths:
  description: The files that were written, the newest first.
  returned: where files were written
  type: list
  elements: str
stat:
  description: The stat C(access_audit), or C(access_changes).
  returned: with O(mode=audit), and with O(mode=apply) where a file was written
  type: dict
  sample: {verdict: findings, tenants: 6, findings: 4, drift: 0, unmanaged: 4, errors: 0, sha256: 3b73204da17c6061}
# BEGIN results (tools/document.py)
failure:
  description: What went wrong, for programs; C(msg) says it in a sentence.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - One of V(auth), V(permission), V(not_found), V(conflict), V(validation), V(quota),
          V(rate_limit), V(timeout), V(connection), V(protocol), V(server) and V(unknown_outcome).
      type: str
      returned: always
      sample: permission
    status:
      description: HTTP status of the answer, if there was one.
      type: int
      returned: always
      sample: 403
    method:
      description: HTTP method of the request.
      type: str
      returned: always
      sample: GET
    url:
      description: URL of the request, without secrets.
      type: str
      returned: always
    request_id:
      description: What the server calls the request, if it does.
      type: str
      returned: always
    retryable:
      description: Whether the same task may succeed later without any change.
      type: bool
      returned: always
# END results
"""
