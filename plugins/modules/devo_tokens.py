#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the authentication tokens of a Devo account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_tokens
short_description: Manage the authentication tokens of a Devo account
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings many authentication tokens of a Devo account in line in one task, with one listing and only the writes that are
    needed, in parallel.
  - Says which tokens exist without being declared, and deletes them on request.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_devo
options:
  account:
    description:
      - The account that the tokens belong to. Devo knows accounts that are domains, so that this is the domain's name.
    type: str
    required: true
  tokens:
    description:
      - The tokens, each with the options of M(dataops.access.devo_token). Two entries for one token are an error.
      - One of O(tokens) and O(tokens_file) is required.
      - O(tokens[].return_secret) needs O(return_objects).
    type: list
    elements: dict
    suboptions: {}
  tokens_file:
    description:
      - A JSON or YAML file with the list O(tokens), on the host where the module runs, for lists that are too long for
        a task.
    type: path
notes:
  - Replacing and renewing a token do not count for O(max_deletions). Disabling does.
  - The token in use is known by its value. With O(purge), enabled tokens that are not declared are read one by one until
    it is found.
seealso:
  - module: dataops.access.devo_token
  - module: dataops.access.devo_token_info
"""

EXAMPLES = r"""
- name: Exactly these tokens, but for those that people made for themselves
  dataops.access.devo_tokens:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    account: example
    tokens:
      - name: payments-reader
        audience: [apiv2]
        scopes: [table://my.app.payments]
        expires_in: 7776000
        renew_before: 604800
        secret_file: /etc/payments/devo.token
      - name: ingestion
        audience: [http]
        expires_in: -1
    purge: true
    purge_exclude:
      - personal-.*

- name: What would change, with the list in a file
  dataops.access.devo_tokens:
    account: example
    tokens_file: /srv/access/devo-tokens.yml
  check_mode: true
  diff: true
  register: planned
"""

RETURN = r"""
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens


def main() -> None:
    """Manage many tokens."""
    runner.run_many(DevoTokens)


if __name__ == "__main__":
    main()
