#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one user of a Datasentinel platform."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ds_user
short_description: Manage a user of a Datasentinel platform
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Creates, changes and deletes a user of a Datasentinel platform, with privilege, profile and roles.
  - Existence is read from the list of all users, never guessed from an error. What was written is read again.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.datasentinel
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_datasentinel
options:
  email:
    description:
      - E-mail of the user, which identifies it whatever its case.
    type: str
    required: true
  password:
    description:
      - Password of a user who is not authenticated by LDAP. One of O(password), O(password_file) and O(ldap) is needed
        to create a user.
      - The platform never tells a password. See O(update_password) for existing users.
    type: str
  update_password:
    description:
      - V(on_create) sets O(password) for a new user only.
      - V(always) logs in as the user with O(password), once by e-mail and once by login name, and writes it if that
        fails. The log-in is made in check mode too.
      - V(always) is refused for an O(email) with a colon, which HTTP Basic cannot carry.
    type: str
    choices: [on_create, always]
    default: on_create
  password_file:
    description:
      - When the user is created, generate a password and save it in this file, with mode 0600, before success is
        reported.
      - The folder has to exist. An existing file is replaced.
    type: path
  privilege:
    description:
      - What the user may do. Required to create a user, since the platform's own default is V(admin).
    type: str
    choices: [read, read write, admin]
  profile:
    description:
      - What the user works with. Required to create a user, since the platform's own default is V(data admin).
    type: str
    choices: [developer, data admin]
  roles:
    description:
      - Roles that restrict what the user sees. The list is complete, unless O(append_roles) is set.
      - A user without any role most likely sees everything. Taking the last role away needs O(unrestricted).
      - Servers before 2024.04 know one role for each user.
    type: list
    elements: str
  append_roles:
    description:
      - Whether O(roles) are added to those that the user has.
    type: bool
    default: false
  unrestricted:
    description:
      - Whether the last role may be taken away from the user.
    type: bool
    default: false
  live_360:
    description:
      - Whether the user may use Live 360. A new user may unless this is V(false).
    type: bool
  comment:
    description:
      - A comment. An empty string clears it.
    type: str
  ldap:
    description:
      - Whether a new user is authenticated by LDAP, without a password of the platform.
      - The platform never tells this, so it is not compared for an existing user.
    type: bool
  state:
    description:
      - V(present) creates the user or brings it in line, V(absent) deletes it.
      - The account in use, the built-in account and the last administrator are never deleted.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: dataops.access.ds_users
  - module: dataops.access.ds_user_info
"""

EXAMPLES = r"""
- name: A developer who reads one application
  dataops.access.ds_user:
    api_url: https://datasentinel.example.com/ds-api
    api_username: automation@example.com
    api_password: "{{ vault_datasentinel_password }}"
    email: ana@example.com
    password: "{{ vault_ana_password }}"
    privilege: read
    profile: developer
    roles: [payments]

- name: An administrator who logs in through LDAP, connection from the environment
  dataops.access.ds_user:
    email: bo@example.com
    ldap: true
    privilege: admin
    profile: data admin
    roles: []

- name: One role more, everything else stays
  dataops.access.ds_user:
    email: ana@example.com
    roles: [reporting]
    append_roles: true

- name: A leaver
  dataops.access.ds_user:
    email: leo@example.com
    state: absent
"""

RETURN = r"""
user:
  description: The user as it is now, or would be in check mode; null when it does not exist.
  returned: success
  type: dict
  contains:
    id:
      description: Number given by the server; missing for a user that check mode would create.
      type: int
      returned: when it exists
      sample: 54
    login:
      description: Login name given by the server.
      type: str
      returned: when it exists
      sample: ana
    email:
      description: E-mail as the server spells it.
      type: str
      returned: always
      sample: ana@example.com
    privilege:
      description: What the user may do.
      type: str
      returned: always
      sample: read
    profile:
      description: What the user works with.
      type: str
      returned: always
      sample: developer
    roles:
      description: Sorted roles.
      type: list
      elements: str
      returned: always
      sample: [payments]
    live_360:
      description: Whether the user may use Live 360.
      type: bool
      returned: always
      sample: true
    comment:
      description: The comment, empty if there is none.
      type: str
      returned: always
      sample: ""
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
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers


def main() -> None:
    """Manage one user."""
    runner.run_one(DatasentinelUsers)


if __name__ == "__main__":
    main()
