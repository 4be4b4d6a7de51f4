#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: read the registered users of a DBSync partner application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dbsync_license_user_info
short_description: List the registered users of a DBSync partner application
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Lists the users of a DBSync partner application with the details of their licences, inactive ones included.
  - A listing that the server refuses is an error, never a short list. One user by O(company) and O(username) can be
    read all the same.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.dbsync
  - dataops.access.attributes
  - dataops.access.attributes.info
  - dataops.access.attributes.group_dbsync
options:
  company:
    description:
      - Only users of exactly this company.
    type: str
  username:
    description:
      - Only users of exactly this name.
    type: str
  verify:
    description:
      - Whether to ask for each user found, with one request more, if there is a valid licence to run the integration.
    type: bool
    default: false
seealso:
  - module: dataops.access.dbsync_license_user
  - module: dataops.access.dbsync_license_users
"""

EXAMPLES = r"""
- name: Everybody, connection from the environment
  dataops.access.dbsync_license_user_info:
  register: everybody

- name: One user, and whether the licence is valid
  dataops.access.dbsync_license_user_info:
    company: Acme
    username: ana@example.com
    verify: true
"""

RETURN = r"""
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers


def main() -> None:
    """List users."""
    runner.run_info(DBSyncUsers)


if __name__ == "__main__":
    main()
