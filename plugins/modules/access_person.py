#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one person on all tenants of a play. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_person
short_description: Plan what becomes of one person on every tenant, and write the receipt
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Used by the playbooks C(dataops.access.onboard) and C(dataops.access.offboard), once for all tenants of the play. It
    asks no platform itself. Between its steps the roles of the platforms read and write, and the playbooks keep what
    they found in facts.
  - The step V(check) refuses what is wrong with the person before any platform is asked. The step V(plan) returns what
    each host's role is to be told. The step V(receipt) says what became of it, and writes it down.
  - A person who is neither declared nor found is refused, with names that are near.
extends_documentation_fragment:
  - dataops.access.attributes.controller
options:
  operation:
    description:
      - Whether the person joins or leaves.
    type: str
    choices: [onboard, offboard]
    required: true
  step:
    description:
      - What to do.
    type: str
    choices: [check, plan, receipt]
    required: true
  person:
    description:
      - E-mail of the person.
    type: str
    required: true
  confirm:
    description:
      - The e-mail once more, as somebody typed it a second time. Another one than O(person) is refused.
    type: str
  name:
    description:
      - Name of a person who is not declared and joins.
    type: str
  profiles:
    description:
      - Profiles of a person who is not declared and joins. Somebody who is declared has those of the declaration.
    type: list
    elements: str
    default: []
  end_date:
    description:
      - Last day with access of a person who is not declared and joins, as in V(2026-12-31).
    type: str
  allowed_profiles:
    description:
      - The only profiles that O(profiles) may name. Without it any.
    type: list
    elements: str
  report_dir:
    description:
      - Folder that the receipt is written to. Without it none is written.
    type: str
  expected:
    description:
      - Hosts that should be asked. Those that the play left out are in the receipt as V(not_asked).
    type: list
    elements: str
    default: []
  planned:
    description:
      - What the step V(plan) returned as RV(variables), for the receipt of somebody who joins.
    type: dict
    default: {}
  sinks:
    description:
      - Where the files that are written go besides, a list as the variable C(access_report_sinks). The guide about
        report sinks (C(docs/report-sinks.md)) has its options.
    type: raw
seealso:
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: What each tenant is to be told
  dataops.access.access_person:
    operation: offboard
    step: plan
    person: leo@example.com
  register: access_person_plan
"""

RETURN = r"""
accounts:
  description: What somebody who leaves is called, by platform.
  returned: with the step V(check)
  type: dict
  sample: {dbsync: LEO01, devo: leo@example.com}
variables:
  description: What each host's role is to be told, by host and role variable.
  returned: with the step V(plan)
  type: dict
  sample: {devo-eu: {devo_users: [{email: leo@example.com, state: absent}]}}
receipt:
  description: What became of the person, as the receipt has it (C(docs/receipt.schema.json)).
  returned: with the step V(receipt)
  type: dict
failing:
  description: Why each host ends as failed.
  returned: with the step V(receipt)
  type: dict
  sample: {devo-eu: [leo@example.com is open on devo-eu]}
paths:
  description: The files that were written.
  returned: with the step V(receipt), outside of check mode
  type: list
  elements: str
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
