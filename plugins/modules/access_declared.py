#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: check declared state without asking a platform. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_declared
short_description: Check the declared state of a tenant without network or credentials
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Checks what the plural modules would be given as they would check it, and finds all errors at once.
  - Says who gets what by it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
options:
  declared:
    description:
      - What each plural module of the tenant would be given.
    type: list
    elements: dict
    required: true
    suboptions:
      module:
        description:
          - Name of the plural module without the collection, as in V(ds_users).
        type: str
        required: true
      options:
        description:
          - Its options, but for those of the connection.
          - A file with the declared list is read on the controller. Where the connection is not V(local), the module
            reads it elsewhere, so that it is not checked here, which is a warning.
        type: dict
        required: true
      handover:
        description:
          - With O(declared[].module=devo_tokens), where the secrets of renewed tokens go, as the variable
            C(access_token_handover) of the host says it. A token of O(declared[].options) may have its own C(handover).
        type: raw
  credentials:
    description:
      - Whether the credentials of handovers have to be there. They are not where a merge request is checked.
    type: bool
    default: false
seealso:
  - module: dataops.access.access_report
"""

EXAMPLES = r"""
- name: The declared users are what the platform takes
  dataops.access.access_declared:
    declared:
      - module: ds_users
        options:
          users:
            - email: ana@example.com
              privilege: read
              profile: developer
  register: checked
  failed_when: checked.errors | length > 0
"""

RETURN = r"""
errors:
  description: What is wrong, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["entry 2 of users: email: 'ana' is no e-mail address; write it as name@example.com"]
unchecked:
  description: Which files were not checked, since they are on the host where the module runs, one sentence each.
  returned: success
  type: list
  elements: str
  sample: []
grants:
  description: Who gets what.
  returned: success
  type: list
  elements: dict
  contains:
    who:
      description: E-mail or name of the person.
      type: str
      returned: always
      sample: ana@example.com
    kind:
      description: Kind of the object.
      type: str
      returned: always
      sample: user
    key:
      description: What the object is called.
      type: str
      returned: always
      sample: ana@example.com
    state:
      description: V(present) or V(absent).
      type: str
      returned: always
      sample: present
    what:
      description: The declared fields, without secrets.
      type: str
      returned: always
      sample: privilege read; profile developer
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
