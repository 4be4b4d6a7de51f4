# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: what every module of the collection supports."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and predict what a real run then does, without changing anything.
    support: full
    details:
      - The transport itself refuses to send a write in check mode.
  idempotent:
    description: A second run changes nothing.
    support: full
"""

    WRITE = r"""
options: {}
attributes:
  diff_mode:
    description: Returns what has changed, or would change, when run with C(--diff).
    support: full
    details:
      - Secrets show as changed, never as a value.
"""

    INFO = r"""
options: {}
attributes:
  diff_mode:
    description: Returns what has changed, or would change, when run with C(--diff).
    support: N/A
    details:
      - This module reads only.
"""

    GROUP_DBSYNC = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/dataops.access.dbsync) or C(group/dataops.access.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - dataops.access.dbsync
      - dataops.access.all
"""

    GROUP_ALTERYX = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/dataops.access.alteryx) or C(group/dataops.access.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - dataops.access.alteryx
      - dataops.access.all
"""

    GROUP_DQM = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/dataops.access.dqm) or C(group/dataops.access.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - dataops.access.dqm
      - dataops.access.all
"""

    GROUP_DATASENTINEL = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/dataops.access.datasentinel) or C(group/dataops.access.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - dataops.access.datasentinel
      - dataops.access.all
"""

    GROUP_DEVO = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/dataops.access.devo) or C(group/dataops.access.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - dataops.access.devo
      - dataops.access.all
"""

    CONTROLLER = r"""
options: {}
attributes:
  action:
    description: Runs on the controller, as an action plugin.
    support: full
  check_mode:
    description: Can run in check mode.
    support: full
    details:
      - Asks and changes no platform. What it writes is the report, in check mode too.
  diff_mode:
    description: Returns what has changed, or would change, when run with C(--diff).
    support: N/A
    details:
      - Changes no platform.
"""

    ONCE = r"""
options: {}
attributes:
  bypass_host_loop:
    description: Runs once for all hosts of the play.
    support: full
    details:
      - Needs the strategy C(ansible.builtin.linear), which the playbooks of this collection set.
"""
