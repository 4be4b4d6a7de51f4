#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the registered users of a DBSync partner application."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dbsync_license_users
short_description: Bring the registered users of a DBSync partner application in line
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings users of a DBSync partner application, of any number of companies, in line in one task, with one listing and
    only the writes that are needed, in parallel.
  - See M(dataops.access.dbsync_license_user) for what a registration costs, and how it is kept from being spent twice.
  - Where the server refuses a listing, each declared user is read by name. Then RV(unmanaged) is null,
    RV(summary.listing_complete) is false, and O(purge) is refused.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.dbsync
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_dbsync
options:
  users:
    description:
      - The users, each with the options of M(dataops.access.dbsync_license_user). Two entries for one user are an error.
      - One of O(users) and O(users_file) is required.
    type: list
    elements: dict
    suboptions: {}
  users_file:
    description:
      - A JSON or YAML file with the list O(users), on the host where the module runs, for lists that are too long for
        a task.
    type: path
  companies:
    description:
      - The companies whose users O(purge) removes if they are not declared, each exactly as the server lists it.
      - By default the companies that the declared users name. Needed for O(purge) with an empty list.
    type: list
    elements: str
  max_registrations:
    description:
      - How many users may be registered. V(-1) means no limit.
      - With more than that the task fails before its first write, in check mode too.
    type: int
    default: 10
seealso:
  - module: dataops.access.dbsync_license_user
  - module: dataops.access.dbsync_license_user_info
"""

EXAMPLES = r"""
- name: The users of two companies, connection from the environment
  dataops.access.dbsync_license_users:
    users:
      - company: Acme
        username: ana@example.com
      - company: Acme
        username: bo@example.com
        allow_reregister: true
      - company: Globex
        username: cyd@example.com
        state: absent
    purge: true
    purge_exclude: ['Acme/service-.*']
    max_deletions: 20%
    max_registrations: 5

- name: A company that has left
  dataops.access.dbsync_license_users:
    users: []
    companies: [Initech]
    purge: true
    allow_empty: true

- name: What a large file would spend
  dataops.access.dbsync_license_users:
    users_file: /srv/access/dbsync.json
    max_registrations: -1
  check_mode: true
  register: planned

- name: Show it
  ansible.builtin.debug:
    var: planned.summary.registrations
"""

RETURN = r"""
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers


def main() -> None:
    """Manage many users."""
    runner.run_many(DBSyncUsers)


if __name__ == "__main__":
    main()
