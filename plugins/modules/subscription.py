#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one subscription of an Alteryx Server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: subscription
short_description: Manage a subscription (studio) of an Alteryx Server
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Creates, changes, renames and deletes a subscription of an Alteryx Server, and moves users into it.
  - Every user is in exactly one subscription. Users are moved into a subscription and never out of it, and the
    workflows that they made stay behind in the subscription that they leave.
  - What was written is read again.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.alteryx
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_alteryx
options:
  name:
    description:
      - Name of the subscription, exactly as it is written. If several have that name, say which one with
        O(subscription_id).
      - With O(subscription_id), the name that the subscription shall have. A name that another subscription has is
        refused.
      - One of O(name) and O(subscription_id) is required.
    type: str
  subscription_id:
    description:
      - Id of an existing subscription. Without it the subscription is found by its O(name).
    type: str
  can_share_schedules:
    description:
      - Whether schedules are shared. In a new subscription they are not unless this is V(true).
    type: bool
  credential_id:
    description:
      - Id of the default workflow credential. It has to exist. An empty string means none.
    type: str
  users:
    description:
      - Ids or e-mails of users who shall be in this subscription. Those who are in another one are moved.
      - Others who are in it stay, and are returned in RV(unmanaged_members). An empty list is refused, since no call
        moves a user out. To do that, declare the user in another subscription.
      - An e-mail that no user or more than one has is refused, and so is a user who is declared in two subscriptions.
    type: list
    elements: str
  return_secret:
    description:
      - Whether to return the C(api_key) and C(api_secret) of a new subscription. The server shows them once, in the
        answer to its creation.
    type: bool
    default: false
  secret_file:
    description:
      - Save the C(api_key) and C(api_secret) of a new subscription in this file, as JSON, with mode 0600, before
        success is reported.
      - The folder has to exist. An existing file is replaced. For a subscription that exists already nothing is
        written, with a warning if the file is missing.
      - If the server's answer is lost the keys cannot be read again, and the task fails.
    type: path
  state:
    description:
      - V(present) creates the subscription or brings it in line, V(absent) deletes it.
      - A subscription that has users or workflows is not deleted. The task then fails, and names them.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: dataops.access.subscriptions
  - module: dataops.access.subscription_info
"""

EXAMPLES = r"""
- name: A subscription with two users
  dataops.access.subscription:
    api_url: https://alteryx.example.com/webapi
    client_id: "{{ vault_alteryx_client_id }}"
    client_secret: "{{ vault_alteryx_client_secret }}"
    name: Finance
    can_share_schedules: true
    users:
      - ann@example.com
      - bob@example.com

- name: The same with its keys in a file, connection from the environment
  dataops.access.subscription:
    name: Reporting
    credential_id: 66f0000000000000000000c1
    secret_file: /srv/secrets/reporting.json

- name: Another name
  dataops.access.subscription:
    subscription_id: 66ebd0896e52ae73b495106f
    name: Finance and controlling

- name: Gone, if it is empty
  dataops.access.subscription:
    name: Reporting
    state: absent
"""

RETURN = r"""
subscription:
  description: The subscription as it is now, or would be in check mode; null when it does not exist.
  returned: success
  type: dict
  contains:
    id:
      description: Id given by the server; missing for a subscription that check mode would create.
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
unmanaged_members:
  description:
    - Users who are in the subscription and not among the declared O(users), sorted by id. Empty without O(users).
  returned: once the tenant was read
  type: list
  elements: dict
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
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions


def main() -> None:
    """Manage one subscription."""
    runner.run_one(Subscriptions)


if __name__ == "__main__":
    main()
