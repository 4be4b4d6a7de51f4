#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: a review that came back. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_review
short_description: Read the decisions of an access review
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads C(report.csv) of an audit with the decisions that reviewers filled in, checks each row against that report,
    and returns what this tenant is to be told, as declarations for the roles.
  - The columns C(decision) (V(keep), V(remove) or V(disable)), C(reviewer) and C(date) are needed for each account that
    is decided about; accounts without any decision are left alone and counted.
  - Rows that the report does not have, that were changed or doubled, that have no reviewer or date, and reports that
    are too old, are refused together, before anything is done.
  - A single role of an account can be removed where all other rows of the account say V(keep).
  - Files are read as spreadsheets save them, with commas, semicolons or tabs, in UTF-8 or UTF-16.
  - The playbook C(dataops.access.apply_review) uses it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
options:
  file:
    description:
      - The file that came back.
    type: path
    required: true
  report_dir:
    description:
      - Folder of the audit's reports. The one that was reviewed is found in it, or in its history, by its hash.
    type: path
    required: true
  max_age_days:
    description:
      - How old the report may be, in days.
    type: int
    default: 30
seealso:
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: What the reviewers decided
  dataops.access.access_review:
    file: review.csv
    report_dir: access-report
  register: review
"""

RETURN = r"""
variables:
  description: The declarations for this host, by the role variable that takes them.
  returned: success
  type: dict
  sample: {devo_users: [{email: zoe@example.com, state: absent}]}
kept:
  description: How many accounts of this host are kept.
  returned: success
  type: int
undecided:
  description: How many accounts of the whole report nobody has decided about.
  returned: success
  type: int
still_declared:
  description: What is to be removed or disabled and is declared present, so that the next apply would give it back.
  returned: success
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
