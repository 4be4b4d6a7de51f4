#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: read the authentication tokens of a Devo account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_token_info
short_description: Read the authentication tokens of a Devo account
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads the authentication tokens of a Devo account, all of them or those asked for. Nothing found is an empty list.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_devo
options:
  account:
    description:
      - The account that the tokens belong to. Devo knows accounts that are domains, so that this is the domain's name.
    type: str
    required: true
  name:
    description:
      - Name of the tokens to return. Devo lets several tokens have one name.
    type: str
  token_id:
    description:
      - Id of the one token to return.
    type: str
  return_secret:
    description:
      - Whether to return the secrets too. Only with O(name) or O(token_id).
    type: bool
    default: false
seealso:
  - module: dataops.access.devo_token
  - module: dataops.access.devo_tokens
"""

EXAMPLES = r"""
- name: All tokens
  dataops.access.devo_token_info:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    account: example
  register: devo

- name: Permanent ones among them
  ansible.builtin.debug:
    msg: "{{ devo.tokens | selectattr('expires_in', 'eq', -1) | map(attribute='name') }}"

- name: One token with its secret, connection from the environment
  dataops.access.devo_token_info:
    account: example
    name: payments-reader
    return_secret: true
  register: reader
  no_log: true
"""

RETURN = r"""
# BEGIN results (tools/document.py)
tokens:
  description: What was found, sorted.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id given by the server; missing for a token that check mode would create.
      type: int
      returned: when it exists
      sample: 4711
    name:
      description: Its name.
      type: str
      returned: always
      sample: payments-reader
    account:
      description: Its account.
      type: str
      returned: when it exists
      sample: example
    audience:
      description: Sorted words of its audience.
      type: list
      elements: str
      returned: always
      sample: [apiv2]
    scopes:
      description: Sorted words of its scopes; V(default) where the server shows none.
      type: list
      elements: str
      returned: when it exists or its scopes are declared
      sample:
        - table://my.app.payments
    user:
      description: E-mail of the user whose permissions it has.
      type: str
      returned: when it exists
      sample: payments@example.com
    owner:
      description: E-mail of its owner.
      type: str
      returned: when it exists
      sample: automation@example.com
    enabled:
      description: Whether it is enabled.
      type: bool
      returned: when it exists
      sample: true
    created:
      description: When it was created, in UTC.
      type: str
      returned: when it exists
      sample: "2026-01-31T14:38:18Z"
    updated:
      description: When it was changed last, in UTC.
      type: str
      returned: when it exists
      sample: "2026-01-31T14:38:18Z"
    expiration:
      description: When it expires, in UTC; null for a permanent token.
      type: str
      returned: when it exists
      sample: "2026-05-01T14:38:18Z"
    expires_in:
      description: Seconds from creation to expiration, V(-1) for a permanent token; null where
        nothing tells.
      type: int
      returned: when it exists
      sample: 7776000
    secret:
      description:
        - The token itself. After a renewal with C(retire_old=false) that of the new token.
      type: str
      returned: with C(return_secret), when it exists
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
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens


def main() -> None:
    """Read tokens."""
    runner.run_info(DevoTokens)


if __name__ == "__main__":
    main()
