#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: read the registered users of a DBSync partner application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dbsync_license_user_info
short_description: List the registered users of a DBSync partner application
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Lists the users of a DBSync partner application with the details of their licences, inactive ones included.
  - A listing that the server refuses is an error, never a short list. One user by O(company) and O(username) can be
    read all the same.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.dbsync
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_dbsync
options:
  company:
    description:
      - Only users of exactly this company.
    type: str
  username:
    description:
      - Only users of exactly this name.
    type: str
  verify:
    description:
      - Whether to ask for each user found, with one request more, if there is a valid licence to run the integration.
    type: bool
    default: false
seealso:
  - module: dataops.access.dbsync_license_user
  - module: dataops.access.dbsync_license_users
"""

EXAMPLES = r"""
- name: Everybody, connection from the environment
  dataops.access.dbsync_license_user_info:
  register: everybody

- name: One user, and whether the licence is valid
  dataops.access.dbsync_license_user_info:
    company: Acme
    username: ana@example.com
    verify: true
"""

RETURN = r"""
# BEGIN results (tools/document.py)
license_users:
  description: What was found, sorted.
  returned: success
  type: list
  elements: dict
  contains:
    company:
      description: Company of the user.
      type: str
      returned: always
      sample: Acme
    username:
      description: Name of the user.
      type: str
      returned: always
      sample: ana@example.com
    active:
      description: Whether the licence is active. A record that does not say so counts as active.
      type: bool
      returned: always
      sample: true
    active_known:
      description: Whether the record says if the licence is active.
      type: bool
      returned: when it was read
      sample: true
    start_date:
      description: When the user was registered, ISO 8601 in UTC; null when the record does
        not say it in a known form.
      type: str
      returned: when it was read
      sample: "2026-01-15T00:00:00Z"
    expiry_date:
      description: When the licence ends, ISO 8601 in UTC; null when the record does not say
        it in a known form.
      type: str
      returned: when it was read
      sample: "2027-01-15T00:00:00Z"
    quota:
      description: The quota that the record mentions, or null.
      type: int
      returned: when it was read
      sample: 100
    used:
      description: The number of used licences that the record mentions, or null.
      type: int
      returned: when it was read
      sample: 42
    raw:
      description:
        - The record as the server sent it, without credentials. The vendor does not publish
          the names of its fields.
      type: dict
      returned: when it was read
      sample:
        endUserCompany: Acme
        endUserName: ana@example.com
        active: true
    verification:
      description: What C(authenticateUser) says of the user.
      type: dict
      returned: by M(dataops.access.dbsync_license_user_info) with its option C(verify)
      contains:
        valid:
          description:
            - Whether the user has a valid licence; null when the answer does not tell.
            - A failure of this call may mean an unknown user, an expired licence or wrong credentials.
          type: bool
          returned: always
          sample: true
        message:
          description: What the server said, if it said something.
          type: str
          returned: always
          sample: ""
        raw:
          description: The answer as the server sent it, without credentials; null for a failure.
          type: raw
          returned: always
          sample:
            authenticated: true
target:
  description: Where the module worked, and as whom.
  returned: once the connection options are complete
  type: dict
  contains:
    platform:
      description: Name of the platform.
      type: str
      returned: always
    api_url:
      description: Base URL of its API.
      type: str
      returned: always
    identity:
      description: The log-in name, or the last four characters of the SHA-256 of a key.
      type: str
      returned: always
      sample: automation@example.com
stats:
  description: What it took.
  returned: once the connection options are complete
  type: dict
  contains:
    requests:
      description: Requests sent, log-in and repetitions included.
      type: int
      returned: always
    reads:
      description: Calls that change nothing, whatever their HTTP method.
      type: int
      returned: always
    writes:
      description: Calls that change something. In check mode there is none.
      type: int
      returned: always
    retries:
      description: Requests that were sent again.
      type: int
      returned: always
    waited_s:
      description: Seconds spent waiting before repetitions and for the rate limit.
      type: float
      returned: always
    connections:
      description: TCP connections opened.
      type: int
      returned: always
    elapsed_s:
      description: Seconds from start to end.
      type: float
      returned: always
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

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers


def main() -> None:
    """List users."""
    runner.run_info(DBSyncUsers)


if __name__ == "__main__":
    main()
