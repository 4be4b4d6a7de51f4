#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: which plan of a tenant was approved. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_approval
short_description: Refuse a tenant whose plan was not approved
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Used by the playbook C(dataops.access.apply) where only an approved plan may be carried out. It asks no platform.
  - An approval is the hash of a tenant's plan, as an audit sets it in the stat C(access_audit__<host>).
  - What it returns binds the modules that write to the plan that was compared here.
extends_documentation_fragment:
  - dataops.access.attributes.controller
options:
  approved:
    description:
      - C(access_approved_plan), the approved hash of each tenant by host.
    type: raw
  required:
    description:
      - Whether an approval has to come with the launch of the play, as an extra variable. That is
        C(access_approved_plan), or the stat C(access_audit__<host>) that a controller hands on from an audit in the
        same workflow. Then O(approved) is not looked at, since the inventory may say anything.
    type: bool
    default: false
  planned:
    description:
      - The hash of the plan that there is now. Without it, only whether there is an approval is looked at.
    type: str
  results:
    description:
      - What the platform role found when it compared, one entry for each object kind, with C(kind) and C(result).
    type: list
    elements: dict
    default: []
seealso:
  - module: dataops.access.access_tenant
"""

EXAMPLES = r"""
- name: Refuse another plan than the approved one
  dataops.access.access_approval:
    approved: "{{ access_approved_plan }}"
    planned: "{{ tenant.record.plan_sha256 }}"
    results: "{{ devo_results }}"
  register: approval
"""

RETURN = r"""
plan_sha256:
  description: The approved hash.
  returned: success
  type: str
  sample: 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
plans:
  description: The hash of each object kind's plan in O(results), for the option C(approved_plan) of the module.
  returned: success
  type: dict
  sample: {user: 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945}
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
