#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one user of a Devo domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_domain_user
short_description: Manage a user of a Devo domain
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Adds a user to a Devo domain, sets the roles, enables, disables and removes the user, through the Provisioning API.
  - Existence is read from the list of the domain's users, never guessed from an error. What was written is read again.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_devo
options:
  domain:
    description:
      - The domain, as in V(example), or V(example@reseller) for a domain of a multitenant.
    type: str
    required: true
  email:
    description:
      - E-mail of the user, which identifies it whatever its case.
    type: str
    required: true
  username:
    description:
      - Name of a new user. It may hold letters, digits, and blanks or C(_'.@-) between them.
      - Not compared for an existing user. Who has an account in another domain keeps the name given there.
    type: str
  phone:
    description:
      - Phone number of a new user in international form, as in V(+34600000001).
      - Not compared for an existing user. Who has an account in another domain keeps the number given there.
    type: str
  roles:
    description:
      - Roles of the user in the domain. The list is complete, unless O(append_roles) is set. Required to create a user.
      - V(ADMIN) and V(OWNER) exclude every other role. V(OWNER) makes a new user the owner of a domain that has none,
        and means the same as V(ADMIN) for who is the owner already.
      - An empty list means V(NO_PRIVILEGES). Beside other roles V(NO_PRIVILEGES) means nothing.
      - Names of custom roles are case-sensitive, and have to exist in the domain.
    type: list
    elements: str
  append_roles:
    description:
      - Whether O(roles) are added to those that the user has.
    type: bool
    default: false
  enabled:
    description:
      - Whether the user may log in. A user who has not activated the account yet counts as enabled.
      - The domain's owner and the account in use are never disabled, and the account in use loses no role.
    type: bool
  skip_validation:
    description:
      - Whether a new user needs no activation by mail.
    type: bool
    default: false
  only_existing:
    description:
      - Whether the user is left alone where it does not exist. For somebody who is to be disabled, if there at all.
    type: bool
    default: false
  state:
    description:
      - V(present) adds the user to the domain or brings it in line, V(absent) removes it from the domain.
      - Who belongs to no other domain is deleted with everything; resources go to the domain's owner.
      - The domain's owner and the account in use are never removed. The account in use can only be told where the token
        API shows O(api_token); where it does not, administrators are kept, and a warning says so.
    type: str
    choices: [present, absent]
    default: present
notes:
  - External users, who come in through single sign-on, are compared and removed like others. New users are internal.
seealso:
  - module: dataops.access.devo_domain_users
  - module: dataops.access.devo_domain_user_info
  - module: dataops.access.devo_token
"""

EXAMPLES = r"""
- name: An analyst, who gets a mail to activate the account
  dataops.access.devo_domain_user:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    domain: example
    email: ana@example.com
    username: Ana Silva
    roles: [analyst, reviewer]

- name: The first user of a new domain, with the multitenant keys from the environment
  dataops.access.devo_domain_user:
    api_key_type: multitenant
    domain: example@reseller
    email: olga@example.com
    username: Olga Owner
    roles: [OWNER]

- name: One role more, everything else stays
  dataops.access.devo_domain_user:
    domain: example
    email: ana@example.com
    roles: [payments]
    append_roles: true

- name: On leave
  dataops.access.devo_domain_user:
    domain: example
    email: bo@example.com
    enabled: false

- name: A leaver
  dataops.access.devo_domain_user:
    domain: example
    email: leo@example.com
    state: absent
"""

RETURN = r"""
user:
  description: The user as it is now, or would be in check mode; null when it is not in the domain.
  returned: success
  type: dict
  contains:
    email:
      description: E-mail as the server spells it.
      type: str
      returned: always
      sample: ana@example.com
    username:
      description: Name of the user, which the server chooses where none was given.
      type: str
      returned: always
      sample: Ana Silva
    roles:
      description: Sorted roles. V(NO_PRIVILEGES) stands for no other role, V(ADMIN) for an owner too.
      type: list
      elements: str
      returned: always
      sample: [analyst, reviewer]
    owner:
      description: Whether the user is the domain's owner.
      type: bool
      returned: always
      sample: false
    enabled:
      description: Whether the user may log in, at once or after activation.
      type: bool
      returned: always
      sample: true
    status:
      description: Status as the server says it, such as V(active), and V(pending) before activation.
      type: str
      returned: always, but for a user whom check mode would enable
      sample: active
    domain:
      description: The domain.
      type: str
      returned: always
      sample: example
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
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers


def main() -> None:
    """Manage one user."""
    runner.run_one(DevoUsers)


if __name__ == "__main__":
    main()
