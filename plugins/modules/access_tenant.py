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
  - Turns what the platform role of a host read into the record of that tenant.
  - What is wrong with it, by the rules of the audit, is found for all tenants by M(dataops.access.access_report).
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
