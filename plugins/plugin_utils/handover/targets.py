# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declared handover to what carries it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ansible.errors import AnsibleError
from ansible.parsing.vault import get_file_vault_secret

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.handover.awx import AwxCredential
from ansible_collections.dataops.access.plugins.plugin_utils.handover.declaration import (
    SECRET_FILE,
    TASKS,
    Handover,
    Renewal,
)
from ansible_collections.dataops.access.plugins.plugin_utils.handover.files import SecretFile, VaultFile, VaultSecrets
from ansible_collections.dataops.access.plugins.plugin_utils.handover.hashicorp_vault import HashicorpVault


class Target(Protocol):
    """A place that keeps a secret."""

    @property
    def where(self) -> str:
        """The place, for a person."""

    def probe(self) -> None:
        """Raises AccessError where the secret could not be handed over, as far as reading tells."""

    def hand_over(self, secret: str) -> None:
        """Raises AccessError; LostAnswer where the secret may have arrived or not."""


class Targets:
    """Makes the targets of a play. ``loader``: its DataLoader."""

    def __init__(self, loader: Any, redactor: Redactor) -> None:
        self._loader = loader
        self._redactor = redactor

    def of(self, renewal: Renewal) -> list[Target]:
        """Where a token's secret goes, but for tasks, which the play runs."""
        return [self._of(handover) for handover in renewal.handovers if handover.kind != TASKS]

    def _of(self, handover: Handover) -> Target:
        options = handover.options
        if handover.kind == SECRET_FILE:
            return SecretFile(files.expanded(options["path"]))
        if handover.kind == "vault_file":
            return VaultFile(options, self._vault_secrets(options))
        self._redactor.add(options["token"])
        if handover.kind == "awx_credential":
            return AwxCredential(options, self._redactor)
        return HashicorpVault(options, self._redactor)

    def _vault_secrets(self, options: Any) -> Callable[[], VaultSecrets]:
        file, label = options["vault_password_file"], options["vault_id"]
        if not file:
            # No public way leads to the passwords of the play.
            return lambda: list(self._loader._vault.secrets or ())

        def load() -> VaultSecrets:
            try:
                secret = get_file_vault_secret(filename=file, vault_id=label, loader=self._loader)
                secret.load()
            except AnsibleError as problem:
                raise ValidationError(f"vault_password_file: {problem}") from None
            return [(label or "default", secret)]

        return load
