#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one registered user of a DBSync partner application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dbsync_license_user
short_description: Register or unregister a user of a DBSync partner application
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Registers a user with the license manager of DBSync, or takes the licence away.
  - A registration counts against the yearly quota of the partner application, and unregistering gives nothing back.
    So a user is registered only after a reading that shows the user's absence, by one request that is never repeated.
    If its answer is lost and reading again does not show the user, the outcome is unknown and the task fails.
  - Where reading does not show a new user yet, that is a warning.
  - There is nothing to update. Another company or another name is another licence.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.dbsync
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_dbsync
options:
  company:
    description:
      - Company of the user, sent exactly as written.
    type: str
    required: true
  username:
    description:
      - Name of the user, sent exactly as written.
      - If the server lists a user whose company and name differ only in case, blanks or Unicode form (a letter
        with an accent may be one character or two), the task fails and names it.
      - If another company has a user of this name, registering is a warning.
    type: str
    required: true
  allow_reregister:
    description:
      - Whether a user who is listed with an inactive licence may be registered again, which spends quota again.
      - Without it, such a user makes the task fail, in check mode too.
    type: bool
    default: false
  state:
    description:
      - V(present) registers the user, V(absent) unregisters it. A user with an inactive licence counts as absent.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: dataops.access.dbsync_license_users
  - module: dataops.access.dbsync_license_user_info
"""

EXAMPLES = r"""
- name: A user, connection from the environment
  dataops.access.dbsync_license_user:
    company: Acme
    username: ana@example.com

- name: Somebody who comes back, which spends quota again
  dataops.access.dbsync_license_user:
    api_url: https://env.mydbsync.com/appcenter-2-2/appcode/v2/partner
    partner_app_key: "{{ vault_dbsync_key }}"
    partner_app_token: "{{ vault_dbsync_token }}"
    company: Acme
    username: bo@example.com
    allow_reregister: true

- name: A leaver
  dataops.access.dbsync_license_user:
    company: Acme
    username: leo@example.com
    state: absent
"""

RETURN = r"""
license_user:
  description: The user as it is now, or would be in check mode; null when it is not registered.
  returned: success
  type: dict
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
      description: When the user was registered, ISO 8601 in UTC; null when the record does not say it in a known form.
      type: str
      returned: when it was read
      sample: "2026-01-15T00:00:00Z"
    expiry_date:
      description: When the licence ends, ISO 8601 in UTC; null when the record does not say it in a known form.
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
        - The record as the server sent it, without credentials. The vendor does not publish the names of its fields.
      type: dict
      returned: when it was read
      sample: {"endUserCompany": "Acme", "endUserName": "ana@example.com", "active": true}
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
          sample: {"authenticated": true}
# BEGIN results (tools/document.py)
changes:
  description:
    - One entry for each object that was out of line, in the order in which they are written.
    - Also returned when the task fails, with what became of each object.
  returned: once the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: What the object is called.
      type: str
      returned: always
    action:
      description: What brings it in line, V(create), V(update) or V(delete).
      type: str
      returned: always
      sample: update
    status:
      description:
        - V(planned) in check mode and where the task was refused as a whole.
        - V(applied) when it was written and read again.
        - V(failed) when it was not done.
        - V(unknown) when the answer was lost and reading again did not settle it.
      type: str
      returned: always
      sample: applied
    fields:
      description: The fields that differ, each with its C(before) and C(after). Secrets show
        as changed, never as a value.
      type: dict
      returned: always
      sample:
        comment:
          before: ""
          after: joined in May
    error:
      description: Why it failed, with C(msg) and the fields of RV(failure); null when it did
        not.
      type: dict
      returned: always
summary:
  description:
    - Numbers of the plan and its outcome.
    - In a template write C(summary["update"]), since C(summary.update) is a method of every
      dictionary.
    - C(declared) and C(in_sync) count declared objects. C(create), C(update) and C(delete)
      count the plan, and C(failed) those of them that failed or whose outcome is unknown.
    - C(unmanaged) counts what exists and is not declared, and is null where the platform refused
      the listing; C(listing_complete) says whether it listed everything. Without that nothing
      is purged.
    - C(registrations), where a creation spends a year's quota, says how many the plan spends.
  returned: once the tenant was read
  type: dict
  sample:
    declared: 2
    in_sync: 1
    create: 1
    update: 0
    delete: 0
    failed: 0
    unmanaged: 0
    listing_complete: true
diff:
  description: The changed objects before and after, by key.
  returned: in diff mode
  type: dict
  contains:
    before:
      description: The objects as they were.
      type: dict
      returned: always
    after:
      description: The objects as they are now, or would be in check mode.
      type: dict
      returned: always
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
    """Manage one user."""
    runner.run_one(DBSyncUsers)


if __name__ == "__main__":
    main()
