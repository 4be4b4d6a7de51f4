#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: checks before a play asks any platform. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_preflight
short_description: Check the tenants of a play before any platform is asked
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Fails where a host has no C(access_platform) or an unknown one, where the tenants file cannot be read or lacks a
    host, and where the report could not be written.
  - Fails where a waiver is wrong, and where the report or the record of changes before this one cannot be read or was
    changed after it was written.
  - Fails where a C(secret_file) or C(password_file) that a host declares is a relative path. It would begin at the
    folder of the playbook, which for those of this collection is inside of it.
  - Fails where hosts would save secrets in one file, in which only the last one would be left.
  - Fails where two tenants of one platform would take the same credentials from the environment to different servers.
  - Fails where two hosts are one tenant, as far as their connection options tell, since what one declares, the other
    would pay for again, or remove. With O(mode=audit) that is a warning.
  - The playbooks of this collection begin with it. No platform is asked.
extends_documentation_fragment:
  - dataops.access.attributes.controller
  - dataops.access.attributes.once
options:
  connections:
    description:
      - Whether to check where credentials come from.
    type: bool
    default: true
  tenants_file:
    description:
      - The JSON file with the connection options of many tenants. If it is blank, E(ACCESS_TENANTS_FILE) holds.
    type: str
  mode:
    description:
      - V(audit) for a play that compares and reports, V(apply) for one that writes and keeps a record of it.
    type: str
    choices: [audit, apply]
    default: audit
  report_dir:
    description:
      - Folder of the report, made where it does not exist. Without it no report is prepared.
    type: str
  fail_on:
    description:
      - What the audit ends as failed on, to be checked.
    type: raw
  waivers:
    description:
      - The findings that somebody accepts, to be checked.
    type: raw
  previous_report:
    description:
      - The report before this one, to be checked. If it is blank, C(report.json) in O(report_dir), if it is there.
    type: str
  rules:
    description:
      - Whether an audit follows, so that C(access_rules), C(access_licence_quota) and C(access_people) of the hosts and
        the receipts of offboarding in O(report_dir) are checked.
    type: bool
    default: false
  timezone:
    description:
      - The time zone whose date decides whether somebody's last day is over.
    type: str
    default: UTC
  sinks:
    description:
      - C(access_report_sinks), which is checked before any platform is asked. Nothing is sent.
    type: raw
seealso:
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: Every host is a tenant with credentials of its own
  dataops.access.access_preflight:
    tenants_file: "{{ access_tenants_file | default('') }}"
"""

RETURN = r"""
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
