#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: who had access in a period. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_period
short_description: Say who had access in a period, from the reports and records that were kept
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads every C(report.json) and C(changes.json) under C(history/) in O(report_dir), verifies that none was changed
    and that none is missing, and writes C(period.json), C(period.csv) and C(period.md), in check mode too.
  - They say who had which right through which object, since when and until when, and which job granted and removed it.
    What no job did is told by the audits before and after it.
  - No platform is asked. The playbook C(dataops.access.period_report) uses it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
  - dataops.access.attributes.once
options:
  first:
    description:
      - The first day of the period, in UTC, such as C(2026-01-01).
    type: raw
    required: true
  last:
    description:
      - The last day of the period.
    type: raw
    required: true
  report_dir:
    description:
      - Folder that audits and other runs write to.
    type: path
    required: true
seealso:
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: Who had access in the first quarter
  dataops.access.access_period:
    first: "2026-01-01"
    last: "2026-03-31"
    report_dir: access-report
  register: quarter
"""

RETURN = r"""
gaps:
  description: What the evidence does not tell, as in C(docs/period.schema.json).
  returned: success
  type: list
  elements: dict
  sample:
    - what: not_audited
      message: no audit in the period listed everything of devo-eu
      at: null
      path: null
      tenant: devo-eu
failing:
  description: What is wrong with the evidence itself, in words; empty if nothing is.
  returned: success
  type: list
  elements: str
paths:
  description: The files that were written, the newest first.
  returned: success
  type: list
  elements: str
stat:
  description: The stat C(access_period).
  returned: success
  type: dict
  sample: {people: 40, access: 61, uncertain: 0, changes: 12, gaps: 0, sha256: 3b73204da17c6061}
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
