# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter: the connection options of one tenant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.plugin_utils import platforms

DOCUMENTATION = r"""
name: connection
short_description: The connection options of one tenant
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Keeps those options that have a value, so that a blank one is left to the environment of the module.
    V(false) and V(0) are values.
  - Where there is a tenants file, adds the entry of the host to them. Then nothing that the platform needs is left to
    the environment.
positional: platform, host, tenants_file
options:
  _input:
    description: Every connection option of the modules of the platform, blank where the host gives no value.
    type: dict
    required: true
  platform:
    description: Name of the platform.
    type: str
    choices: [alteryx, datasentinel, dbsync, devo, dqm]
    required: true
  host:
    description: Name of the host in the inventory, which is the key in the tenants file.
    type: str
    required: true
  tenants_file:
    description:
      - A JSON file that maps hosts of the inventory to connection options. The options of an entry win over those of
        the host's variables, credentials as a set.
      - If it is blank, the variable E(ACCESS_TENANTS_FILE) holds.
    type: path
"""

EXAMPLES = r"""
- name: Users of a tenant whose variables leave the password to the environment
  vars:
    own: {api_url: https://datasentinel.example.com/ds-api, api_username: "", api_password: "", api_timeout: 60}
  module_defaults:
    group/dataops.access.datasentinel: "{{ own | dataops.access.connection('datasentinel', inventory_hostname) }}"
  dataops.access.ds_user_info:
"""

RETURN = r"""
_value:
  description: Options for the modules of the platform.
  type: dict
"""


def connection(options: Mapping[str, Any], platform: str, host: str, tenants_file: str | None = None) -> dict[str, Any]:
    """Shape and errors: see plugin_utils.platforms.connection."""
    try:
        return platforms.connection(options, platforms.named(platform), host, tenants_file)
    except AccessError as problem:
        raise AnsibleFilterError(problem.message) from None


class FilterModule:
    """Loads the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Filters by name."""
        return {"connection": connection}
