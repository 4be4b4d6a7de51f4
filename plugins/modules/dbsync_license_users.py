#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the registered users of a DBSync partner application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dbsync_license_users
short_description: Bring the registered users of a DBSync partner application in line
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings users of a DBSync partner application, of any number of companies, in line in one task, with one listing and
    only the writes that are needed, in parallel.
  - See M(dataops.access.dbsync_license_user) for what a registration costs, and how it is kept from being spent twice.
  - Where the server refuses a listing, each declared user is read by name. Then RV(unmanaged) is null,
    C(summary.listing_complete) is false, and O(purge) is refused.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.dbsync
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_dbsync
options:
  users:
    description:
      - The users, each with the options of M(dataops.access.dbsync_license_user). Two entries for one user are an
        error.
      - One of O(users) and O(users_file) is required.
    type: list
    elements: dict
    suboptions:
      # BEGIN suboptions (tools/document.py)
      company:
        description:
          - Company of the user, sent exactly as written.
        type: str
        required: true
      username:
        description:
          - Name of the user, sent exactly as written.
          - If the server lists a user whose company and name differ only in case, blanks or
            Unicode form (a letter with an accent may be one character or two), the task fails
            and names it.
          - If another company has a user of this name, registering is a warning.
        type: str
        required: true
      allow_reregister:
        description:
          - Whether a user who is listed with an inactive licence may be registered again, which
            spends quota again.
          - Without it, such a user makes the task fail, in check mode too.
        type: bool
        default: false
      state:
        description:
          - V(present) registers the user, V(absent) unregisters it. A user with an inactive
            licence counts as absent.
        type: str
        choices: [present, absent]
        default: present
      # END suboptions
  users_file:
    description:
      - A JSON or YAML file with the list O(users), on the host where the module runs, for lists that are too long for
        a task.
    type: path
  companies:
    description:
      - The companies whose users O(purge) removes if they are not declared, each exactly as the server lists it.
      - By default the companies that the declared users name. Needed for O(purge) with an empty list.
    type: list
    elements: str
  max_registrations:
    description:
      - How many users may be registered. V(-1) means no limit.
      - With more than that the task fails before its first write, in check mode too.
    type: int
    default: 10
seealso:
  - module: dataops.access.dbsync_license_user
  - module: dataops.access.dbsync_license_user_info
"""

EXAMPLES = r"""
- name: The users of two companies, connection from the environment
  dataops.access.dbsync_license_users:
    users:
      - company: Acme
        username: ana@example.com
      - company: Acme
        username: bo@example.com
        allow_reregister: true
      - company: Globex
        username: cyd@example.com
        state: absent
    purge: true
    purge_exclude: ['Acme/service-.*']
    max_deletions: 20%
    max_registrations: 5

- name: A company that has left
  dataops.access.dbsync_license_users:
    users: []
    companies: [Initech]
    purge: true
    allow_empty: true

- name: What a large file would spend
  dataops.access.dbsync_license_users:
    users_file: /srv/access/dbsync.json
    max_registrations: -1
  check_mode: true
  register: planned

- name: Show it
  ansible.builtin.debug:
    var: planned.summary.registrations
"""

RETURN = r"""
# BEGIN results (tools/document.py)
users:
  description: The declared objects that exist, as they are now or would be in check mode.
  returned: with O(return_objects)
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
unmanaged:
  description:
    - What exists on the tenant and is not declared, sorted by key, whether or not it is in
      the scope of a purge.
    - Null where the platform refused the listing.
  returned: once the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: What the object is called.
      type: str
      returned: always
    reason:
      description:
        - V(undeclared) for what O(purge) removes.
        - V(excluded) by O(purge_exclude), V(in_use), V(protected) or V(out_of_scope) for what
          it leaves alone.
      type: str
      returned: always
      sample: undeclared
existing:
  description:
    - Everything that exists on the tenant, declared or not, sorted by key. What a platform
      does not tell is null.
    - Holds no secret.
  returned: when O(return_existing=true) and the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: What the object is called.
      type: str
      returned: always
    identity:
      description: The options of the singular module that name this very object.
      type: dict
      returned: always
      sample:
        email: ann@example.com
    declared:
      description: The state that it is declared in; null where nobody declared it.
      type: str
      returned: always
      sample: present
    protected:
      description: Why it is never removed, in words, or null.
      type: str
      returned: always
    nature:
      description: What it is to a reviewer of access, V(user), V(license), V(token), V(group)
        or V(client).
      type: str
      returned: always
      sample: user
    people:
      description: Who uses it, by lower-cased e-mail, or by name where the platform knows no
        e-mail.
      type: list
      elements: str
      returned: always
    entitlements:
      description: What it allows, one text for each right.
      type: list
      elements: str
      returned: always
      sample: [privilege read, role billing]
    enabled:
      description: Whether it works.
      type: bool
      returned: always
    administrator:
      description: Whether it allows to administrate the platform.
      type: bool
      returned: always
    unrestricted:
      description: Whether nothing restricts what it may see, on a platform where that can be
        restricted.
      type: bool
      returned: always
    created:
      description: When it was made, in ISO 8601.
      type: str
      returned: always
      sample: "2026-01-31T06:00:00Z"
    expires:
      description: When it ends to work, in ISO 8601.
      type: str
      returned: always
    permanent:
      description: Whether it never ends to work.
      type: bool
      returned: always
    wide:
      description: Those of the entitlements that allow nearly everything.
      type: list
      elements: str
      returned: always
    users:
      description: How many users are in it.
      type: int
      returned: always
    workflows:
      description: How many workflows are in it.
      type: int
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
plan_sha256:
  description: The SHA-256 over the keys, actions and fields of RV(changes), for O(approved_plan).
  returned: once the tenant was read
  type: str
  sample: 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
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
    """Manage many users."""
    runner.run_many(DBSyncUsers)


if __name__ == "__main__":
    main()
