#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the reports of slices as one. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_merge
short_description: Make one access report of the reports of slices
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads the C(report.json) of each slice of a sliced audit, verifies it, and writes the report that one run over all
    of their tenants would have written, with the verdict over all of them. The report names those that it was made of.
  - Fails where a report cannot be read or was changed after it was written, where two of them speak of the same
    tenant, and where they were made by different rules.
  - No platform is asked. The playbook C(dataops.access.merge_reports) uses it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
  - dataops.access.attributes.once
options:
  reports:
    description:
      - The C(report.json) of each slice, as a path, or as the URL that a sink of O(sinks) was given it at. Other URLs
        are refused, so that no credential goes to a server that only a report names.
    type: list
    elements: str
    required: true
  report_dir:
    description:
      - Folder of the merged report.
    type: path
    required: true
  expected:
    description:
      - Tenants that a whole report speaks of, beside those that the slices expected.
    type: list
    elements: str
    default: []
  fail_on:
    description:
      - What the run ends as failed on, out of V(drift), V(unmanaged), V(error), V(critical), V(high), V(medium),
        V(low), or V(none) alone. It never changes the verdict.
    type: raw
    default: [drift, error, critical, high]
  waivers:
    description:
      - The findings that somebody accepts, judged anew over all tenants. Without it, each slice's own judgement stands.
    type: raw
  previous_report:
    description:
      - The merged report before this one. If it is blank, C(report.json) in O(report_dir), if it is there. Without one,
        findings are new or persisting as the slices said.
    type: str
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
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: One report of two slices
  dataops.access.access_merge:
    reports:
      - slice-1/report.json
      - slice-2/report.json
    report_dir: access-report
  register: merged
"""

RETURN = r"""
verdict:
  description: One of V(clean), V(findings), V(drift) and V(error).
  returned: success
  type: str
  sample: drift
scope:
  description: Which tenants the report speaks of, and which it does not, as M(dataops.access.access_report) returns it.
  returned: success
  type: dict
failing:
  description: Why the run ends as failed, in words; empty if it does not.
  returned: success
  type: list
  elements: str
  sample: ["datasentinel-eu: 2 objects are not as declared"]
paths:
  description: The files that were written, the newest first.
  returned: success
  type: list
  elements: str
stat:
  description: The stat C(access_audit).
  returned: success
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
