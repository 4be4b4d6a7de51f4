# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an export: which may be replaced, and how they are written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.export.yaml_text import comment, document

# The file of the form "people", beside those of the tenants.
PEOPLE = "access_people"
_HASH = re.compile(r"^# sha256 of the rest: ([0-9a-f]{64})\n", re.MULTILINE)


def text(about: Sequence[str], variables: Sequence[tuple[str, Any]]) -> str:
    """A whole file. ``about``: what it is, one comment each.

    Its hash says later whether somebody has changed it. There is no date in it: the same state is the same file.
    """
    head = "".join(f"{line}\n" for each in about for line in comment(each))
    body = "".join(f"{line}\n" for line in document(variables))
    return f"{head}# sha256 of the rest: {_hash(head + body)}\n{body}"


def path_of(directory: str, name: str) -> Path:
    """The file of a tenant, or of the people."""
    return Path(directory) / f"{quote(name, safe=' @:+,=')}.yml"


def check(directory: str, names: Iterable[str], force: bool) -> None:
    """Make the folder, and refuse to replace what somebody has written. Raises ValidationError naming all of it."""
    try:
        Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ValidationError(f"access_export_dir: {directory} cannot be used: {problem.strerror}") from None
    paths = [path_of(directory, name) for name in names]
    unwritable = sorted({why for path in paths if (why := files.unwritable(str(path)))})
    if unwritable:
        raise ValidationError(f"access_export_dir: {'; '.join(unwritable)}")
    if force:
        return
    foreign = [str(path) for path in paths if not _may_replace(path)]
    if foreign:
        raise ValidationError(
            f"{', '.join(foreign)}: not as an export wrote it, so it is not replaced. Next: name another folder by "
            "access_export_dir and compare, or set access_export_force: true to lose what is in it"
        )


def save(directory: str, name: str, content: str) -> tuple[str, bool]:
    """Write one file, whole or not at all, for the owner alone; returns its path, and whether it was another before."""
    path = path_of(directory, name)
    if path.exists() and path.read_bytes() == content.encode() and path.stat().st_mode & 0o777 == 0o600:
        return str(path), False
    files.save(str(path), content)
    return str(path), True


def _may_replace(path: Path) -> bool:
    """Whether a file is not there, or was written by an export and not changed since."""
    if not path.exists():
        return True
    try:
        content = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return False
    found = _HASH.search(content)
    return found is not None and _hash(content[: found.start()] + content[found.end() :]) == found[1]


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
