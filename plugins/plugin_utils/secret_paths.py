# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where declared state has secrets saved: nowhere in the folder of the playbook, and each in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT
from ansible_collections.dataops.access.plugins.plugin_utils.declared_lists import FILES
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import VARIABLES

# What names an object, the most telling first; with the options of files, all that is read of an entry here.
_NAMES = ("name", "email", "token_id", "subscription_id")
# Of the files that hosts have in common, as many as one message says.
_MOST = 5
# People are granted entries of these lists too.
_OF_PEOPLE = ("access_people", "access_profiles")
OPTIONS = frozenset(
    option.name
    for _variable, service in VARIABLES.values()
    for option in service.resource.options
    if option.type == "path"
)
READ = frozenset({*OPTIONS, *_NAMES, "state"})


@dataclass(frozen=True)
class Saved:
    """A file on the controller that one object of one host has its secret saved in."""

    host: str
    # The variable that declares the object, and the object's name.
    variable: str
    name: str
    option: str
    path: str


def saved(host: str, variable: str, entries: Any) -> Iterator[Saved]:
    """The files that a declared list names, its templates filled in. What is no list is left to the role."""
    for entry in entries if isinstance(entries, (list, tuple)) else ():
        if not isinstance(entry, Mapping) or entry.get("state") == ABSENT:
            continue
        for option in sorted(OPTIONS & entry.keys()):
            path = entry[option]
            if isinstance(path, str) and path.strip():
                name = next((str(entry[key]) for key in _NAMES if entry.get(key)), "an entry")
                yield Saved(host, variable, name, option, path.strip())


def check_hosts(found: Iterable[Saved]) -> None:
    """Raise ValidationError naming the files that several hosts save secrets in: one secret would be nowhere.

    Two objects of one host are compared by the module that saves their secrets.
    """
    owners: dict[str, Saved] = {}
    wrong: dict[str, str] = {}
    for each in found:
        other = files.other_owner(owners, files.expanded(each.path), each)
        if other is not None and other.host != each.host:
            wrong.setdefault(
                other.path, f"{each.option} '{each.path}' of {_owner(each)} is the file of {_owner(other)} too"
            )
    if wrong:
        more = f"; and {len(wrong) - _MOST} more files" if len(wrong) > _MOST else ""
        raise ValidationError(
            f"{'; '.join(list(wrong.values())[:_MOST])}{more}: the secret that is saved first would be lost. Put "
            "{{ inventory_hostname }} into the path"
        )


def _owner(each: Saved) -> str:
    return f"{each.host} ({each.variable}: '{each.name}')"


def check(
    variables: Mapping[str, Any],
    platform: str,
    template: Callable[[Any], Any],
    listed: Mapping[str, Any] | None = None,
) -> None:
    """Raise ValidationError naming every file for a secret that is no absolute path.

    ``variables``: a host's, as they stand in the inventory; ``template``: fills a value in; ``listed``: what files
    declare in place of a variable, in which nothing is filled in. A module runs in the folder
    of the playbook, and those of this collection lie inside of it: the next upgrade takes away what was saved there.
    """
    own = [variable for (name, _kind), (variable, _service) in VARIABLES.items() if name == platform]
    wrong: list[str] = []
    for name in (*own, *_OF_PEOPLE):
        value = variables.get(name)
        for option, path in _told(template(value) if isinstance(value, str) else value):
            wrong += _wrong(name, option, template(path))
        for option, path in _told((listed or {}).get(name)):
            wrong += _wrong(FILES[name], option, path)
    if wrong:
        raise ValidationError(
            f"{'; '.join(dict.fromkeys(wrong))}: give an absolute path, such as one that begins with inventory_dir. A "
            "relative one would begin at the folder of the playbook, inside of the installed collection"
        )


def _wrong(name: str, option: str, path: Any) -> Iterator[str]:
    if isinstance(path, str) and path.strip() and not _is_absolute(path):
        yield f"{name}: {option} '{path}'"


def _told(value: Any) -> Iterator[tuple[str, Any]]:
    """Every option for a file of a secret, however deep in the value it is."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in OPTIONS:
                yield str(name), inner
            else:
                yield from _told(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _told(inner)


def _is_absolute(path: str) -> bool:
    """As the modules read a path: with ``~`` and variables of the environment filled in."""
    return os.path.expandvars(path.strip()).startswith(("/", "~"))
