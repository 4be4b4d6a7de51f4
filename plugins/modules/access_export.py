#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: write what was read as declared state. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_export
short_description: Write the live state of tenants as declared state
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Makes of what the platform roles read (their tasks C(read)) one file of variables for each tenant, which declares
    just what there is, so that applying it changes nothing. Defaults and secrets are left out.
  - What exists and cannot be declared is named in a comment of the file, and in the result.
  - Writes in check mode too. No platform is asked. The playbook C(dataops.access.export) uses it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
  - dataops.access.attributes.once
options:
  read:
    description:
      - Name of the fact that holds, on each host, what was read of it. Needed unless O(prepare=true).
    type: str
  failure:
    description:
      - Name of the fact that says, on each host, why it could not be read, empty if it could. Needed unless
        O(prepare=true).
    type: str
  prepare:
    description:
      - Only make the folder, and fail where a file would be lost that somebody has written. Done before the platforms
        are asked.
    type: bool
    default: false
  directory:
    description:
      - Folder for the files. A relative path is one from the current directory.
    type: path
    required: true
  form:
    description:
      - With V(tenants) each file holds all that its tenant has.
      - With V(people) the file C(access_people.yml) holds what people have on all tenants, as C(access_people) and
        C(access_profiles), and the tenants' files hold the rest.
    type: str
    choices: [tenants, people]
    default: tenants
  force:
    description:
      - Whether to replace files that are not as an export wrote them.
    type: bool
    default: false
seealso:
  - module: dataops.access.access_declared
"""

EXAMPLES = r"""
- name: Read what there is
  ansible.builtin.include_role:
    name: dataops.access.datasentinel
    tasks_from: read

- name: Write it as declared state
  vars:
    no_failure: ""
  dataops.access.access_export:
    read: datasentinel_read
    failure: no_failure
    directory: access-export
"""

RETURN = r"""
paths:
  description: The files.
  returned: unless O(prepare=true)
  type: list
  elements: str
  sample: [access-export/datasentinel-eu.yml]
failing:
  description: Why a tenant was not exported, by host.
  returned: unless O(prepare=true)
  type: dict
  sample: {}
left_out:
  description: What exists and could not be declared, in sentences, by host.
  returned: unless O(prepare=true)
  type: dict
  sample:
    datasentinel-us: ["uma@example.com: several users have this e-mail; remove or rename all but one there"]
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
