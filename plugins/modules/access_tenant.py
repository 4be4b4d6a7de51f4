#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one tenant's part of the report. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_tenant
short_description: Make one tenant's part of the access report
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Turns what the platform role of a host found into the record of that tenant, with its findings and its verdict.
  - Nothing is waived in it, nor compared with an earlier report; M(dataops.access.access_report) does that for all.
  - The role P(dataops.access.access_report#role) uses it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
options:
  platform:
    description:
      - The platform of the tenant.
    type: str
    required: true
  results:
    description:
      - One entry for each object kind, with C(kind), its name, and C(result), what the plural module returned, failed
        or not.
    type: list
    elements: dict
    required: true
  error:
    description:
      - Why the tenant could not be asked, if it could not.
    type: str
  mode:
    description:
      - V(audit) for what was compared, V(apply) for what was written.
    type: str
    choices: [audit, apply]
    default: audit
seealso:
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: This tenant's part of the report
  dataops.access.access_tenant:
    platform: datasentinel
    results:
      - kind: user
        result: "{{ compared }}"
  register: tenant
"""

RETURN = r"""
record:
  description: The tenant's record, as in C(docs/report.schema.json).
  returned: success
  type: dict
"""
