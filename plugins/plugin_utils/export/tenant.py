# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One tenant as it was read becomes the variables of its role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import declared, platforms
from ansible_collections.dataops.access.plugins.plugin_utils.export import memberships, tokens, users
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import Declaration, Entry
from ansible_collections.dataops.access.plugins.plugin_utils.export.yaml_text import Noted, OneLine, scalar

# Lists whose entries are so short that each stands on a line.
_ONE_LINE = ("dbsync_license_users", "dqm_expected_clients", "dqm_expected_users")


@dataclass
class Tenant:
    """One tenant's declared state."""

    host: str
    platform: str
    declarations: list[Declaration] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many entries each list has, by variable."""
        return {each.variable: len(each.entries) for each in self.declarations}

    def left_out(self) -> list[str]:
        """What exists and could not be declared, and why, one sentence each."""
        return [f"{scalar(what)}: {why}" for each in self.declarations for what, why in each.left_out]

    def document(self) -> list[tuple[str, Any]]:
        """The variables as :func:`yaml_text.document` takes them."""
        variables: list[tuple[str, Any]] = []
        for each in self.declarations:
            variables += [*each.scope.items(), (each.variable, _written(each))]
        return variables


def tenant(host: str, platform: str, read: Sequence[Mapping[str, Any]]) -> Tenant:
    """``read``: one entry for each kind, as the role's ``read`` tasks keep it.

    ``kind``; ``result``: what the info module returned; ``variables``: of the role, what the objects are of.
    Raises ValidationError where a listing is missing, failed, or there is nothing to read.
    """
    made = Tenant(host, platform)
    if not read:
        raise ValidationError(
            "there is nothing to read: for users of Devo set devo_domain, for its tokens devo_account"
            if platform == "devo"
            else "nothing was read of it"
        )
    for part in read:
        _check_whole(part["result"])
        declaration = _declaration(platform, part)
        declaration.scope = {**(part.get("variables") or {}), **declaration.scope}
        made.declarations.append(declaration)
    return made


def _check_whole(result: Mapping[str, Any] | Sequence[Any]) -> None:
    if isinstance(result, Mapping) and (result.get("failed") or result.get("skipped")):
        raise ValidationError(str(result.get("msg") or "it was not read"))


def _declaration(platform: str, part: Mapping[str, Any]) -> Declaration:
    kind, result = part["kind"], part["result"]
    if platform == "dqm":
        if kind == "user":
            return memberships.expected_users(part["expected"], result)
        return memberships.expected_clients(_listed(result, "clients"))
    _variable, service_class = platforms.VARIABLES[(platform, kind)]
    top = {
        option.name: part["variables"][f"devo_{option.name}"] for option in service_class.resource.options if option.top
    }
    service = declared.offline(service_class, top)
    found = _listed(result, service_class.resource.listed_as)
    if platform == "alteryx":
        return memberships.subscriptions(service, found, result["shared_emails"])
    builders = {
        ("dbsync", "license_user"): users.license_users,
        ("datasentinel", "user"): users.datasentinel_users,
        ("devo", "user"): users.devo_users,
        ("devo", "token"): tokens.devo_tokens,
    }
    return builders[(platform, kind)](service, found)


def _listed(result: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A listing; one that is not there is no empty one."""
    if not isinstance(result.get(name), list):
        raise ValidationError(f"what was read holds no {name}")
    found: list[Mapping[str, Any]] = result[name]
    return found


def _written(declaration: Declaration) -> Noted:
    above = list(declaration.notes)
    if declaration.left_out:
        above.append(f"Not declared, although it exists ({len(declaration.left_out)}):")
        above += [f"- {scalar(what)}: {why}" for what, why in declaration.left_out]
    one_line = declaration.variable in _ONE_LINE
    return Noted([_entry(entry, one_line) for entry in declaration.entries], above)


def _entry(entry: Entry, one_line: bool) -> Noted:
    options = OneLine(entry.options) if one_line else entry.options
    return Noted(options, entry.notes, [f"{mark} left out" for mark in entry.marks])
