# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one account of a Ledger tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_account
short_description: Manage an account of a Ledger tenant
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Creates, changes and deletes an account of a Ledger tenant, with level and teams.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.ledger
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_ledger
options:
  name:
    description:
      - Name of the account, which identifies it whatever its case.
    type: str
    required: true
  level:
    description:
      - What the account may do. Required to create an account.
    type: str
    choices: [reader, writer, owner]
  teams:
    description:
      - The account's teams. The list is complete.
    type: list
    elements: str
  state:
    description:
      - V(present) creates the account or brings it in line, V(absent) deletes it.
      - An owner is never deleted.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: dataops.access.ledger_accounts
  - module: dataops.access.ledger_account_info
"""

EXAMPLES = r"""
- name: An account that reads
  dataops.access.ledger_account:
    api_url: https://ledger.example.com/api
    api_token: "{{ vault_ledger_token }}"
    name: ana
    level: reader
    teams: [payments]
"""

RETURN = r"""
account:
  description: The account as it is now, or would be in check mode; null when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: Name as the server spells it.
      type: str
      returned: always
      sample: ana
    level:
      description: What the account may do.
      type: str
      returned: always
      sample: reader
    teams:
      description: Sorted teams.
      type: list
      elements: str
      returned: always
      sample: [payments]
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.ledger import LedgerAccounts


def main() -> None:
    """Manage one account."""
    runner.run_one(LedgerAccounts)


if __name__ == "__main__":
    main()
