# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a new Alteryx subscription: the answer to its creation shows them, and nothing ever does again."""

from __future__ import annotations

import json

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, Refusal
from ansible_collections.dataops.access.plugins.module_utils.core.files import SecretFiles
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Revealed
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Change
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_api import Created
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_objects import SUBSCRIPTION

_NOT_SHOWN = "the answer to its creation, which alone shows them, was lost or did not hold them"


def check_file(change: Change, saved: dict[str, Change]) -> None:
    """Refuse a creation whose keys could not be saved. ``saved``: the files of the other creations of the task."""
    file = change.entry["secret_file"]
    reason = files.unwritable(file)
    other = files.other_owner(saved, file, change)
    if other is not None:
        reason = f"the keys of '{other.key}' go to {file} too; name another file"
    if reason:
        change.refusals.append(Refusal.invalid(f"{SUBSCRIPTION.noun} '{change.key}': secret_file: {reason}"))


def warnings(entry: Declared, observed: Observed | None) -> list[str]:
    """Where the keys of an existing subscription are expected in a file that is not there: they never will be."""
    file = entry["secret_file"]
    if observed is None or entry.absent or not file or files.exists(file):
        return []
    text = f"{SUBSCRIPTION.noun} '{observed.key}' exists, and its api_key and api_secret cannot be read again: "
    return [text + f"secret_file {file} is not written"]


def hand_over(
    declared: Declared, created: Created, secret_files: SecretFiles, revealed: dict[str, dict[str, Revealed]]
) -> None:
    """Save and return the keys as far as that was asked for. ``revealed``: ``Service.revealed``.

    Raises AccessError when they were asked for and are lost.
    """
    file = declared["secret_file"]
    if not file and not declared["return_secret"]:
        return
    if not created.api_key or not created.api_secret:
        raise _lost(declared, _NOT_SHOWN)
    keys = {"api_key": created.api_key, "api_secret": created.api_secret}
    if declared["return_secret"]:
        revealed[declared.match] = {name: Revealed(key) for name, key in keys.items()}
    if file:
        try:
            secret_files.save(file, json.dumps(keys) + "\n")
        except AccessError as error:
            raise _lost(declared, f"secret_file: {error.message}") from None


def notice(declared: Declared) -> str:
    """What to say of keys that nobody asked for and nobody will ever see."""
    return f"{SUBSCRIPTION.noun} '{declared.key}': its api_key and api_secret cannot be read again: {_NOT_SHOWN}"


def _lost(declared: Declared, why: str) -> AccessError:
    return AccessError(
        f"{SUBSCRIPTION.noun} '{declared.key}' was created, but its api_key and api_secret cannot be read again: {why}"
        ". Next: if the keys are needed, remove it and create it again; if not, run this again, which brings the rest "
        "in line",
        kind="protocol",
    )
