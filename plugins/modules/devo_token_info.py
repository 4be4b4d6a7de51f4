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
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens


def main() -> None:
    """Read tokens."""
    runner.run_info(DevoTokens)


if __name__ == "__main__":
    main()
