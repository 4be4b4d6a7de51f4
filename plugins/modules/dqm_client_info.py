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
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.dqm import DqmClients


def main() -> None:
    """List the clients of one user."""
    runner.run_info(DqmClients)


if __name__ == "__main__":
    main()
