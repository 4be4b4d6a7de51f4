# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for many objects have in common."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: purge, its guards, and the size of the result."""

    DOCUMENTATION = r"""
options:
  purge:
    description:
      - Whether to remove what exists in scope and is not declared.
      - The account or token in use, built-in accounts, owners and the last administrator are never removed.
    type: bool
    default: false
  allow_empty:
    description:
      - Whether O(purge) may go with a declared list that is empty, or declares everything absent. It then removes
        everything in scope.
    type: bool
    default: false
  purge_exclude:
    description:
      - Regular expressions for what O(purge) never touches. Each has to match the whole key, whatever its case.
      - An expression that matches nothing is a warning.
    type: list
    elements: str
    default: []
  max_deletions:
    description:
      - How many objects may be removed or disabled, as a number, or as a share of the objects in scope such as V(20%).
        V(-1) means no limit.
      - Replacing or renewing an object does not count.
      - With more than that the task fails before its first write, in check mode too.
    type: str
    default: "10"
  return_objects:
    description:
      - Whether to return the declared objects as they are now, or as they would be in check mode.
    type: bool
    default: false
  return_existing:
    description:
      - Whether to return everything that exists, declared or not, in terms that all platforms share. Audits need it.
    type: bool
    default: false
  approved_plan:
    description:
      - The C(plan_sha256) of a run in check mode that somebody approved. If this run would do anything else, it is
        refused before its first write.
    type: str
"""
