#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: read the users of a Devo domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_domain_user_info
short_description: Read the users of a Devo domain
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads the users of a Devo domain, all of them or one. Nothing found is an empty list.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_devo
options:
  domain:
    description:
      - The domain, as in V(example), or V(example@reseller) for a domain of a multitenant.
    type: str
    required: true
  email:
    description:
      - E-mail of the one user to return, whatever its case.
    type: str
seealso:
  - module: dataops.access.devo_domain_user
  - module: dataops.access.devo_domain_users
"""

EXAMPLES = r"""
- name: All users of the domain
  dataops.access.devo_domain_user_info:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    domain: example
  register: devo

- name: Administrators among them
  ansible.builtin.debug:
    msg: "{{ devo.users | selectattr('roles', 'contains', 'ADMIN') | map(attribute='email') }}"
"""

RETURN = r"""
# BEGIN results (tools/document.py)
users:
  description: What was found, sorted.
  returned: success
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
    """Read users."""
    runner.run_info(DevoUsers)


if __name__ == "__main__":
    main()
