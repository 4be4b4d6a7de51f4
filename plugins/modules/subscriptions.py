#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: all subscriptions of an Alteryx Server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: subscriptions
short_description: Manage all subscriptions (studios) of an Alteryx Server
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings many subscriptions of an Alteryx Server in line in one task, with one log-in, one listing and only the writes
    that are needed, in parallel. The users who move into one subscription go in one call.
  - Users move before subscriptions are deleted, so that one task can empty a subscription and delete it.
  - Says which subscriptions exist without being declared. O(purge) removes those of them that have neither users nor
    workflows after the moves of the task; every user has a private one, and these stay.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.alteryx
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_alteryx
options:
  subscriptions:
    description:
      - The subscriptions, each with the options of M(dataops.access.subscription). Two entries for one subscription are
        an error.
      - One of O(subscriptions) and O(subscriptions_file) is required.
    type: list
    elements: dict
    suboptions:
      # BEGIN suboptions (tools/document.py)
      name:
        description:
          - Name of the subscription, exactly as it is written. If several have that name, say
            which one with O(subscriptions[].subscription_id).
          - With O(subscriptions[].subscription_id), the name that the subscription shall have.
            A name that another subscription has is refused.
          - One of O(subscriptions[].name) and O(subscriptions[].subscription_id) is required.
        type: str
      subscription_id:
        description:
          - Id of an existing subscription. Without it the subscription is found by its O(subscriptions[].name).
        type: str
      can_share_schedules:
        description:
          - Whether schedules are shared. In a new subscription they are not unless this is
            V(true).
        type: bool
      credential_id:
        description:
          - Id of the default workflow credential. It has to exist. An empty string means none.
        type: str
      users:
        description:
          - Ids or e-mails of users who shall be in this subscription. Those who are in another
            one are moved.
          - Others who are in it stay, and are returned in RV(unmanaged_members). An empty list
            is refused, since no call moves a user out. To do that, declare the user in another
            subscription.
          - An e-mail that no user or more than one has is refused, and so is a user who is
            declared in two subscriptions.
        type: list
        elements: str
      return_secret:
        description:
          - Whether to return the C(api_key) and C(api_secret) of a new subscription. The server
            shows them once, in the answer to its creation.
        type: bool
        default: false
      secret_file:
        description:
          - Save the C(api_key) and C(api_secret) of a new subscription in this file, as JSON,
            with mode 0600, before success is reported.
          - The folder has to exist. An existing file is replaced. For a subscription that exists
            already nothing is written, with a warning if the file is missing.
          - If the server's answer is lost the keys cannot be read again, and the task fails.
        type: path
      state:
        description:
          - V(present) creates the subscription or brings it in line, V(absent) deletes it.
          - A subscription that has users or workflows is not deleted. The task then fails,
            and names them.
        type: str
        choices: [present, absent]
        default: present
      # END suboptions
  subscriptions_file:
    description:
      - A JSON or YAML file with the list O(subscriptions), on the host where the module runs, for lists that are too
        long for a task.
    type: path
seealso:
  - module: dataops.access.subscription
  - module: dataops.access.subscription_info
"""

EXAMPLES = r"""
- name: Who works where, and no empty subscription beyond these
  dataops.access.subscriptions:
    api_url: https://alteryx.example.com/webapi
    client_id: "{{ vault_alteryx_client_id }}"
    client_secret: "{{ vault_alteryx_client_secret }}"
    subscriptions:
      - name: Finance
        can_share_schedules: true
        users: [ann@example.com, bob@example.com]
      - name: Leavers
        users: [leo@example.com]
      - name: Old project
        state: absent
    purge: true
    purge_exclude: ["Template .*"]
    max_deletions: 5

- name: What would change, with the list in a file
  dataops.access.subscriptions:
    subscriptions_file: /srv/access/alteryx.yml
  check_mode: true
  diff: true
  register: planned
"""

RETURN = r"""
unmanaged_members:
  description:
    - Of each declared subscription that declares C(users), those users who are in it and not among them, sorted by the
      name of the subscription.
  returned: once the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: Name of the subscription.
      type: str
      returned: always
    members:
      description: The users, sorted by id.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Id of the user.
          type: str
          returned: always
        name:
          description: Name of the user.
          type: str
          returned: always
        email:
          description: E-mail of the user.
          type: str
          returned: always
# BEGIN results (tools/document.py)
subscriptions:
  description: The declared objects that exist, as they are now or would be in check mode.
  returned: with O(return_objects)
  type: list
  elements: dict
  contains:
    id:
      description: Id given by the server; missing for a subscription that check mode would
        create.
      type: str
      returned: when it exists
      sample: 66ebd0896e52ae73b495106f
    name:
      description: Name of the subscription.
      type: str
      returned: always
      sample: Finance
    can_share_schedules:
      description: Whether schedules are shared.
      type: bool
      returned: always
      sample: true
    credential_id:
      description: Id of the default workflow credential, empty if there is none.
      type: str
      returned: always
      sample: ""
    users:
      description: Sorted ids of the users in the subscription.
      type: list
      elements: str
      returned: always
      sample: [66ffbb4b125b93320a8bb5bd]
    members:
      description: The same users with their names, sorted by id.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Id of the user.
          type: str
          returned: always
          sample: 66ffbb4b125b93320a8bb5bd
        name:
          description: Name of the user.
          type: str
          returned: always
          sample: Ann Archer
        email:
          description: E-mail of the user.
          type: str
          returned: always
          sample: ann@example.com
    workflows:
      description: The workflows in the subscription, sorted by name.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Id of the workflow.
          type: str
          returned: always
          sample: 66ec22e86e52ae73b49510a1
        name:
          description: Name of the workflow.
          type: str
          returned: always
          sample: Monthly figures
    api_key:
      description: Key of the new subscription.
      type: str
      returned: on creation, with C(return_secret)
    api_secret:
      description: Secret that belongs to the key.
      type: str
      returned: on creation, with C(return_secret)
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
    moved:
      description: The users who move into the subscription, sorted by id.
      type: list
      elements: dict
      returned: when users move
      contains:
        id:
          description: Id of the user.
          type: str
          returned: always
        name:
          description: Name of the user.
          type: str
          returned: always
        email:
          description: E-mail of the user.
          type: str
          returned: always
        from:
          description: Name of the subscription that the user leaves; null if none was found.
          type: str
          returned: always
        from_id:
          description: Its id.
          type: str
          returned: always
        to:
          description: Name of the subscription that the user gets into.
          type: str
          returned: always
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
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions


def main() -> None:
    """Manage many subscriptions."""
    runner.run_many(Subscriptions)


if __name__ == "__main__":
    main()
