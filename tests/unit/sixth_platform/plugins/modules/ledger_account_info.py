# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: read accounts of a Ledger tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_account_info
short_description: Read accounts of a Ledger tenant
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Reads the accounts of a Ledger tenant, all of them or one.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.ledger
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_ledger
options:
  name:
    description:
      - Only the account of this name, whatever its case.
    type: str
seealso:
  - module: dataops.access.ledger_account
  - module: dataops.access.ledger_accounts
"""

EXAMPLES = r"""
- name: Every account
  dataops.access.ledger_account_info:
  register: found
"""

RETURN = r"""
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.ledger import LedgerAccounts


def main() -> None:
    """Read accounts."""
    runner.run_info(LedgerAccounts)


if __name__ == "__main__":
    main()
