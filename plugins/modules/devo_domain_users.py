#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: all users of a Devo domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_domain_users
short_description: Manage all users of a Devo domain
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings many users of a Devo domain in line in one task, with one listing and only the writes that are needed, in
    parallel.
  - Says which users exist without being declared, and removes them on request.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_devo
options:
  domain:
    description:
      - The domain, as in V(example), or V(example@reseller) for a domain of a multitenant.
    type: str
    required: true
  users:
    description:
      - The users, each with the options of M(dataops.access.devo_domain_user). Two entries for one user are an error.
      - One of O(users) and O(users_file) is required.
    type: list
    elements: dict
    suboptions:
      # BEGIN suboptions (tools/document.py)
      email:
        description:
          - E-mail of the user, which identifies it whatever its case.
        type: str
        required: true
      username:
        description:
          - Name of a new user. It may hold letters, digits, and blanks or C(_'.@-) between
            them.
          - Not compared for an existing user. Who has an account in another domain keeps the
            name given there.
        type: str
      phone:
        description:
          - Phone number of a new user in international form, as in V(+34600000001).
          - Not compared for an existing user. Who has an account in another domain keeps the
            number given there.
        type: str
      roles:
        description:
          - Roles of the user in the domain. The list is complete, unless O(users[].append_roles)
            is set. Required to create a user.
          - V(ADMIN) and V(OWNER) exclude every other role. V(OWNER) makes a new user the owner
            of a domain that has none, and means the same as V(ADMIN) for who is the owner already.
          - An empty list means V(NO_PRIVILEGES). Beside other roles V(NO_PRIVILEGES) means
            nothing.
          - Names of custom roles are case-sensitive, and have to exist in the domain.
        type: list
        elements: str
      append_roles:
        description:
          - Whether O(users[].roles) are added to those that the user has.
        type: bool
        default: false
      enabled:
        description:
          - Whether the user may log in. A user who has not activated the account yet counts
            as enabled.
          - The domain's owner and the account in use are never disabled, and the account in
            use loses no role.
        type: bool
      skip_validation:
        description:
          - Whether a new user needs no activation by mail.
        type: bool
        default: false
      only_existing:
        description:
          - Whether the user is left alone where it does not exist. For somebody who is to be
            disabled, if there at all.
        type: bool
        default: false
      state:
        description:
          - V(present) adds the user to the domain or brings it in line, V(absent) removes it
            from the domain.
          - Who belongs to no other domain is deleted with everything; resources go to the domain's
            owner.
          - The domain's owner and the account in use are never removed. The account in use
            can only be told where the token API shows O(api_token); where it does not, administrators
            are kept, and a warning says so.
        type: str
        choices: [present, absent]
        default: present
      # END suboptions
  users_file:
    description:
      - A JSON or YAML file with the list O(users), on the host where the module runs, for lists that are too long for
        a task.
    type: path
notes:
  - External users, who come in through single sign-on, are compared and removed like others. New users are internal.
seealso:
  - module: dataops.access.devo_domain_user
  - module: dataops.access.devo_domain_user_info
"""

EXAMPLES = r"""
- name: Exactly these users, but for those who come in through single sign-on
  dataops.access.devo_domain_users:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    domain: example
    users:
      - email: olga@example.com
        roles: [OWNER]
      - email: ana@example.com
        username: Ana Silva
        roles: [analyst, reviewer]
      - email: bo@example.com
        enabled: false
      - email: leo@example.com
        state: absent
    purge: true
    purge_exclude:
      - sso-.*@example\.com
    max_deletions: 20%

- name: What would change, with the list in a file
  dataops.access.devo_domain_users:
    domain: example
    users_file: /srv/access/devo.yml
  check_mode: true
  diff: true
  register: planned
"""

RETURN = r"""
# BEGIN results (tools/document.py)
users:
  description: The declared objects that exist, as they are now or would be in check mode.
  returned: with O(return_objects)
  type: list
  elements: dict
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
      description: Sorted roles. V(NO_PRIVILEGES) stands for no other role, V(ADMIN) for an
        owner too.
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
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers


def main() -> None:
    """Manage many users."""
    runner.run_many(DevoUsers)


if __name__ == "__main__":
    main()
