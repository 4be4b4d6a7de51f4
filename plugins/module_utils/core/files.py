# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets on disk: written whole, for the owner alone, before anybody is told that they exist."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError

Owner = TypeVar("Owner")


def expanded(path: str) -> str:
    """The path with variables of the environment and ~ filled in, as ansible-core reads an option of type path."""
    return os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111 - Path.expanduser fails where there is no home


def unwritable(path: str) -> str | None:
    """Why a secret cannot be saved at ``path``; None: it can. Writes nothing."""
    if "\0" in path:
        return f"{path!r} holds a null character, which no file name can"
    try:
        if _is_trap(Path(path)):
            return f"{path} is a link of somebody else in a folder for everybody"
        target = _target(path)
        if target.is_symlink():
            return f"{path} is a link that leads to itself"
        if not target.parent.is_dir():
            return f"the folder {target.parent} does not exist"
        if target.is_dir():
            return f"{path} is a folder"
        # Saving replaces what is there: of /dev/null it would make a file, and that for everybody.
        if target.exists() and not target.is_file():
            return f"{path} is no ordinary file"
        if not os.access(target.parent, os.W_OK | os.X_OK):
            return f"the folder {target.parent} cannot be written to"
    except OSError as problem:
        return f"{path} cannot be a file: {_reason(problem)}"
    return None


def _target(path: str) -> Path:
    """The file itself: whoever reads it under its own name is not to go on with what was there before."""
    return Path(os.path.realpath(path))


def _is_trap(path: Path) -> bool:
    """In a folder like /tmp anybody may lay a link to a file of the one who writes; the kernel follows none either."""
    if not path.is_symlink():
        return False
    folder = path.parent.stat()
    for_everybody = stat.S_ISVTX | stat.S_IWOTH
    return folder.st_mode & for_everybody == for_everybody and _owner(path) not in (os.geteuid(), folder.st_uid)


def _owner(link: Path) -> int:
    return link.lstat().st_uid


def exists(path: str) -> bool:
    """Whether something is at ``path``; what cannot be looked at is not there."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def other_owner(owners: dict[str, Owner], path: str, owner: Owner) -> Owner | None:
    """Who else has that file for a secret, under whatever name (links, ``..``); None, and it is noted: nobody."""
    try:
        place = os.path.realpath(path)
    except (OSError, ValueError):
        place = path  # it cannot be a file: see unwritable()
    other = owners.setdefault(place, owner)
    return None if other is owner else other


def save(path: str, content: str) -> None:
    """Write ``content`` to ``path`` with mode 0600: whole or not at all. Raises AccessError without the content.

    A link stays, and the file that it leads to is replaced.
    """
    refusal = unwritable(path)
    if refusal:
        raise AccessError(f"{path} could not be written: {refusal}", kind="validation")
    target = _target(path)
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".access-")  # mkstemp makes it 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except (OSError, UnicodeError) as problem:
        if temporary is not None:
            discard(temporary)
        raise AccessError(f"{path} could not be written: {_reason(problem)}", kind="validation") from None


def _reason(problem: Exception) -> str:
    reason = problem.strerror if isinstance(problem, OSError) else None
    return reason or type(problem).__name__


class SecretFiles:
    """Where a task keeps the secrets that a server made: closed as long as its client is closed for writes."""

    def __init__(self, client: Any) -> None:
        """``client``: http.client.Client."""
        self._client = client

    def save(self, path: str, content: str) -> None:
        """As :func:`save`. Raises WriteRefused while nothing may be changed."""
        self._client.check_writable(f"of {path}")
        save(path, content)

    def discard(self, path: str) -> None:
        """As :func:`discard`. Raises WriteRefused while nothing may be changed."""
        self._client.check_writable(f"of {path}")
        discard(path)


def discard(path: str) -> None:
    """Remove a saved secret that never came into force."""
    with suppress(OSError):
        _target(path).unlink()
