# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant's own declared lists as the controller reads them: in a variable, or in a file that another one names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import Source, read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.declared import message_of
from ansible_collections.dataops.access.plugins.plugin_utils.handover.declaration import without_choice
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import VARIABLES

# The variable that names the file, by that of the list.
FILES = {variable: f"{variable}_file" for variable, _service in VARIABLES.values()}
# Of what is wrong with the entries of one file, as much as one message says.
_MOST = 10
_RESOURCES = {variable: service.resource for variable, service in VARIABLES.values()}


class Unread(ValidationError):
    """The list is in a file that is none, or cannot be read here, or both are given: the role says it as well."""


def file_of(get: Callable[[str], Any], variable: str) -> str | None:
    """The path of the file as the variables give it; None where no file is given. Raises Unread.

    ``get``: a variable of the host, None where it is undefined; ``variable``: that of the list.
    """
    name = FILES.get(variable)
    path = None if name is None else get(name)
    if path is None or path == "":
        return None
    if not isinstance(path, str) or not path.strip():
        raise Unread(f"{name} has to be the path of a file, and is {path!r}")
    if get(variable) is not None:
        # Whichever of them were taken, a purge would remove what the other one declares.
        raise Unread(f"{variable} and {name} are both given; keep one of them, with all entries in it")
    return path


def source_of(get: Callable[[str], Any], variable: str) -> str:
    """Which variable a list that could be read comes from."""
    name = FILES.get(variable)
    return name if name is not None and get(name) else variable


def read(get: Callable[[str], Any], variable: str, folder: str) -> Any:
    """The list, from wherever it is declared; None where it is nowhere. Raises Unread.

    ``folder``: where a relative path begins.
    """
    path = file_of(get, variable)
    return get(variable) if path is None else listed(placed(path, folder), variable)


def placed(path: str, folder: str) -> str:
    """The path as a module reads it whose working folder is ``folder``."""
    return str(Path(folder) / files.expanded(path))


def listed(path: str, variable: str) -> list[dict[str, Any]]:
    """The entries of a file, each of them what the argument spec takes. Raises Unread."""
    source = Source(FILES[variable], path)
    try:
        entries = read_list(path, source.option)
    except ValidationError as problem:
        raise Unread(problem.message) from None
    check = specs.EntryCheck(_RESOURCES[variable], file=True)
    wrong = []
    for place, entry in enumerate(entries):
        _options, errors = check(without_choice(entry))
        wrong += [source.entry(place) + message_of(error) for error in errors]
    if wrong:
        more = f"; and {len(wrong) - _MOST} more" if len(wrong) > _MOST else ""
        # What is wrong is quoted, and may be a password.
        raise Unread(Redactor(check.secrets(entries)).text("; ".join(wrong[:_MOST])) + more)
    return entries
