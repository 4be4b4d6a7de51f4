# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter: what declared people may use, as the declared state of one platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model, variables

DOCUMENTATION = r"""
name: entitlements
short_description: Turn declared people and profiles into the declared state of a platform
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Returns the entries of the list that the platform's role takes, one for each object that somebody is granted, or
    that has to go since its owner has left.
  - The roles of this collection do it by themselves with C(access_people) and C(access_profiles). The filter is for
    looking at it, and for playbooks of one's own.
  - What two grants say of the same object is put together. Lists become one list. A contradiction is an error that
    names both.
  - C({email}) in a text of an entitlement stands for the person's e-mail.
positional: profiles, platform
options:
  _input:
    description:
      - The people, C(access_people). Each has C(email), and may have C(name), C(state), C(start_date), C(end_date),
        C(profiles), C(accounts) (other names, by platform) and C(access) (entitlements of the person alone, each with
        C(platform), and perhaps C(tenant) and C(until)).
    type: list
    elements: dict
    required: true
  profiles:
    description:
      - What each profile grants, C(access_profiles), by platform. An entitlement is a mapping of options of the
        platform's module, or a list of them. C(tenant), a name or a list, limits it to those hosts.
    type: dict
    required: true
  platform:
    description: What to return.
    type: str
    choices: [dbsync, alteryx, dqm, datasentinel, devo_users, devo_tokens]
    required: true
  tenant:
    description: The host whose state it is. Without it entitlements of every tenant are taken.
    type: str
  today:
    description: The day, as in V(2026-01-31). The default is the date in O(timezone).
    type: str
  timezone:
    description: Where C(end_date) ends.
    type: str
    default: UTC
  retention_days:
    description: For how many days after C(end_date) that what can be disabled is disabled, before it is removed.
    type: int
    default: 0
  unentitled:
    description: What becomes of accounts of these people that nobody grants them.
    type: str
    choices: [report, remove]
    default: report
  protected:
    description: E-mails of people whose access is never taken away.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Who should be on Datasentinel
  vars:
    access_profiles:
      finance:
        datasentinel: {privilege: read, profile: developer, roles: [billing]}
    access_people:
      - {email: ann@example.com, profiles: [finance]}
  ansible.builtin.debug:
    msg: "{{ access_people | dataops.access.entitlements(access_profiles, 'datasentinel', tenant=inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: The entries, sorted.
  type: list
  elements: dict
"""


def entitlements(
    people: Any,
    profiles: Any,
    platform: str,
    tenant: str | None = None,
    today: Any = None,
    timezone: str = "UTC",
    retention_days: int = 0,
    unentitled: str = expansion.REPORT,
    protected: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Entries of the role's list. Raises AnsibleFilterError with everything that is wrong."""
    try:
        now = dt.datetime.now(dt.timezone.utc)
        terms = variables.terms(now, today, timezone, retention_days, unentitled, protected)
        return expansion.entitlements(model.read(people, profiles or {}), variables.kind(platform), tenant, terms)
    except AccessError as problem:
        raise AnsibleFilterError(problem.message) from None


class FilterModule:
    """Loads the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Filters by name."""
        return {"entitlements": entitlements}
