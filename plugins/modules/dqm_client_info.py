#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the clients of a Crownpeak DQM user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dqm_client_info
short_description: List the clients that a Crownpeak DQM user has access to
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Lists the clients (DQM instances) of one user.
  - The API has nothing to change users or their access; that is done in the user interface of Crownpeak DQM.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.dqm
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_dqm
options:
  user_id:
    description:
      - Id of the user. By default the one who logs in, as the claim C(uid) of the session token names it.
      - Whether another user may be asked about depends on the rights of the one who logs in.
    type: str
  name:
    description:
      - Only clients of exactly this name.
    type: str
  status:
    description:
      - Only clients of exactly this status, such as V(PROD).
    type: str
"""

EXAMPLES = r"""
- name: What the account in use has access to
  dataops.access.dqm_client_info:
    api_username: automation@example.com
    api_password: "{{ vault_dqm_password }}"
  register: mine

- name: It has the client that the reports are made from
  ansible.builtin.assert:
    that: "'abc123' in mine.clients | map(attribute='id')"

- name: The productive clients of another user, connection from the environment
  dataops.access.dqm_client_info:
    user_id: "1234"
    status: PROD
"""

RETURN = r"""
clients:
  description: The clients, sorted by name and id.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the client.
      type: str
      returned: always
      sample: abc123
    name:
      description: Name of the client; names may repeat.
      type: str
      returned: always
      sample: Example Corp
    status:
      description: Status of the client.
      type: str
      returned: always
      sample: PROD
user_id:
  description: Id of the user that was asked about.
  returned: success
  type: str
  sample: "1234"
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
from ansible_collections.dataops.access.plugins.module_utils.services.dqm import DqmClients


def main() -> None:
    """List the clients of one user."""
    runner.run_info(DqmClients)


if __name__ == "__main__":
    main()
