# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter: expected and found clients of Crownpeak DQM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.dataops.access.plugins.module_utils.core import expected_clients

DOCUMENTATION = r"""
name: dqm_comparison
short_description: Compare what is expected in Crownpeak DQM with what was read
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Compares expected clients with the results of M(dataops.access.dqm_client_info), in the shape of the results of the
    plural modules. The platform can only be read, so that nothing of it is ever applied.
positional: users, read_users
options:
  _input:
    description:
      - C(expected), the list of clients, with C(id) or C(name) and perhaps C(status), or none; and C(read), what
        M(dataops.access.dqm_client_info) returned for the user whose clients these are.
    type: dict
    required: true
  users:
    description: Expected users, with C(user_id), C(email) and C(clients).
    type: list
    elements: dict
    default: []
  read_users:
    description: What M(dataops.access.dqm_client_info) returned for each of them, in their order.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Read the clients of the account in use
  dataops.access.dqm_client_info:
  register: clients

- name: Compare
  vars:
    own: {expected: [{name: Example Corp, status: PROD}], read: "{{ clients }}"}
  ansible.builtin.set_fact:
    dqm_results: "{{ own | dataops.access.dqm_comparison }}"
"""

RETURN = r"""
_value:
  description: One entry for each object kind, with C(kind) and C(result), as M(dataops.access.access_tenant) takes it.
  type: list
  elements: dict
"""


def dqm_comparison(
    own: Mapping[str, Any], users: Sequence[Mapping[str, Any]] = (), read_users: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """``[{kind, result}]``. Raises AnsibleFilterError for what is wrong with the expectation."""
    wrong = expected_clients.check_clients(own.get("expected") or []) + expected_clients.check_users(users)
    if wrong:
        raise AnsibleFilterError("; ".join(wrong))
    results = [{"kind": "client", "result": expected_clients.compare_clients(own.get("expected"), own["read"])}]
    if users:
        results.append({"kind": "user", "result": expected_clients.compare_users(users, read_users)})
    return results


class FilterModule:
    """Loads the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Filters by name."""
        return {"dqm_comparison": dqm_comparison}
