# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup: what is declared for a host, by its role's list and by the people who are granted something."""

from __future__ import annotations

DOCUMENTATION = r"""
name: declared
short_description: What is declared for a tenant, people and profiles included
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Returns the role's own list together with what C(access_people) and C(access_profiles) grant on this host, as
    P(dataops.access.entitlements#filter) has it. Entries of the same object are put together. A contradiction is an
    error that names both sources.
  - The role's own list is in its variable, or in the JSON or YAML file that the variable of the same name with C(_file)
    at its end names. The two together are an error. The file is read on the controller, and nothing in it is templated.
    A relative path begins in the folder of the playbook.
  - Returns nothing where neither a list nor C(access_people) is defined. Use it with C(query).
  - It is what the roles of this collection hand to the modules.
options:
  _terms:
    description: >-
      One of V(dbsync), V(alteryx), V(dqm), V(datasentinel), V(devo_users), V(devo_tokens).
    required: true
  file:
    description:
      - Return the path of the file as the variable gives it, instead of the entries, if the module can read the file by
        itself on the host where it runs. Nothing is returned where no file is given, and where C(access_people) is
        defined, so that entries have to be put together.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: What the role datasentinel declares for this host
  ansible.builtin.debug:
    msg: "{{ query('dataops.access.declared', 'datasentinel') }}"

- name: Which file the module reads by itself
  ansible.builtin.debug:
    msg: "{{ lookup('dataops.access.declared', 'datasentinel', file=true) }}"
"""

RETURN = r"""
_raw:
  description: The entries, or the path.
  type: list
  elements: raw
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.plugin_utils import declared_lists
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion
from ansible_collections.dataops.access.plugins.plugin_utils.people import variables as of_people
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import KINDS


class LookupModule(LookupBase):
    """Reads the variables of the host by itself."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Return the entries of one kind, or the path of their file."""
        self.set_options(var_options=variables, direct=kwargs)
        known = variables or {}

        def get(name: str) -> Any:
            return self._templar.template(known[name]) if name in known else None

        try:
            kind = KINDS[of_people.kind(terms[0])]
            # Where a playbook tells a role about some objects alone, no variable of a user may add to them.
            only = get("__access_only")
            if only is not None:
                return [] if self.get_option("file") else list(only.get(kind.variable) or ())
            if self.get_option("file") and declared_lists.file_of(get, kind.variable) is None:
                return []
            people, terms_of_play = of_people.of_play(get)
            if self.get_option("file"):
                return [get(declared_lists.FILES[kind.variable])] if people is None else []
            own = declared_lists.read(get, kind.variable, str(known.get("playbook_dir")))
            host, said_by = str(known.get("inventory_hostname")), declared_lists.source_of(get, kind.variable)
            return expansion.declared(own, people, kind.name, host, terms_of_play, said_by) or []
        except AccessError as problem:
            raise AnsibleLookupError(problem.message) from None
