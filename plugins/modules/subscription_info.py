#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: read the subscriptions of an Alteryx Server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: subscription_info
short_description: Read the subscriptions (studios) of an Alteryx Server
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads the subscriptions of an Alteryx Server, all of them or those that pass every filter. Nothing found is an empty
    list.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.alteryx
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_alteryx
options:
  subscription_id:
    description:
      - Id of the one subscription to return.
    type: str
  name:
    description:
      - Name of the subscriptions to return, exactly as it is written. Several may have it.
    type: str
  can_share_schedules:
    description:
      - Only subscriptions that share schedules, or only those that do not.
    type: bool
  default_workflow_credential_id:
    description:
      - Only subscriptions with this default workflow credential. An empty string finds those without one.
    type: str
  user_count_min:
    description:
      - Only subscriptions with at least this many users.
    type: int
  user_count_max:
    description:
      - Only subscriptions with at most this many users.
    type: int
  workflow_count_min:
    description:
      - Only subscriptions with at least this many workflows.
    type: int
  workflow_count_max:
    description:
      - Only subscriptions with at most this many workflows.
    type: int
  details:
    description:
      - Whether to read the users and workflows of each subscription as well, which takes one request for each that has
        any.
    type: bool
    default: false
  assets_of:
    description:
      - E-mail or id of a user, to return as RV(assets) what the user owns. It stays with the user wherever they are
        moved.
    type: str
seealso:
  - module: dataops.access.subscription
  - module: dataops.access.subscriptions
"""

EXAMPLES = r"""
- name: Subscriptions that nobody is in, but that have workflows
  dataops.access.subscription_info:
    api_url: https://alteryx.example.com/webapi
    client_id: "{{ vault_alteryx_client_id }}"
    client_secret: "{{ vault_alteryx_client_secret }}"
    user_count_max: 0
    workflow_count_min: 1
  register: orphaned

- name: Who is in Finance
  dataops.access.subscription_info:
    name: Finance
    details: true
  register: finance

- name: Their e-mails
  ansible.builtin.debug:
    msg: "{{ finance.subscriptions | map(attribute='members') | flatten | map(attribute='email') }}"
"""

RETURN = r"""
assets:
  description: What the user O(assets_of) owns, none if there is no such user.
  returned: with O(assets_of)
  type: dict
  contains:
    user:
      description: Id and e-mail of the user.
      type: dict
      returned: always
      sample: {id: 66ffbb4b125b93320a8bb5bd, email: ann@example.com}
    workflows:
      description: Ids and names of the workflows, sorted by name.
      type: list
      elements: dict
      returned: always
      sample: [{id: 66f0000000000000000000d1, name: Monthly figures}]
    schedules:
      description: Ids and names of the schedules, sorted by name.
      type: list
      elements: dict
      returned: always
      sample: []
    collections:
      description: Ids and names of the collections, sorted by name.
      type: list
      elements: dict
      returned: always
      sample: []
subscriptions:
  description: What was found, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id given by the server.
      type: str
      returned: always
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
    user_count:
      description: How many users are in the subscription.
      type: int
      returned: always
      sample: 2
    workflow_count:
      description: How many workflows are in the subscription.
      type: int
      returned: always
      sample: 1
    users:
      description: Sorted ids of the users in the subscription.
      type: list
      elements: str
      returned: with O(details)
      sample: [66ffbb4b125b93320a8bb5bd]
    members:
      description: The same users with their names, sorted by id.
      type: list
      elements: dict
      returned: with O(details)
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
      returned: with O(details)
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
shared_emails:
  description: E-mails, lower-cased, that several users of the server have. Declare these users by their ids.
  returned: with O(details)
  type: list
  elements: str
  sample: []
# BEGIN results (tools/document.py)
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
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_info import SubscriptionInfo


def main() -> None:
    """Read subscriptions."""
    runner.run_info(SubscriptionInfo)


if __name__ == "__main__":
    main()
