# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: all accounts of a Ledger tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_accounts
short_description: Manage all accounts of a Ledger tenant
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings many accounts of a Ledger tenant in line in one task, with one listing and only the writes that are needed.
  - Says which accounts exist without being declared, and removes them on request.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.ledger
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_ledger
options:
  accounts:
    description:
      - The accounts, each with the options of M(dataops.access.ledger_account). Two entries for one account are an
        error.
      - One of O(accounts) and O(accounts_file) is required.
    type: list
    elements: dict
    suboptions: {}
  accounts_file:
    description:
      - A JSON or YAML file that holds the accounts, instead of O(accounts), read on the host where the module runs.
    type: path
seealso:
  - module: dataops.access.ledger_account
  - module: dataops.access.ledger_account_info
"""

EXAMPLES = r"""
- name: Two accounts, and no others
  dataops.access.ledger_accounts:
    accounts:
      - {name: ana, level: reader, teams: [payments]}
      - {name: olga, level: owner}
    purge: true
"""

RETURN = r"""
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.ledger import LedgerAccounts


def main() -> None:
    """Manage many accounts."""
    runner.run_many(LedgerAccounts)


if __name__ == "__main__":
    main()
