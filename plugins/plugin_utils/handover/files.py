# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret in a file on the controller: bare, or encrypted with ansible-vault. Written whole, for the owner alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, match_encrypt_secret

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, Refused, ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.handover.proof import NotKept

# (label, ansible.parsing.vault.VaultSecret)
VaultSecrets = Sequence[tuple[str, Any]]


class SecretFile:
    """The token's own ``secret_file``: the bare value and a newline, as its module writes it."""

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def where(self) -> str:
        """The place, for a person."""
        return self._path

    def probe(self) -> None:
        """Raises ValidationError where nothing can be written."""
        _check_writable(self._path)

    def hand_over(self, secret: str) -> None:
        """Raises AccessError."""
        files.save(self._path, secret + "\n")


class VaultFile:
    """A file that ansible-vault opens: the bare value, or a file of variables with one variable."""

    def __init__(self, options: Mapping[str, Any], secrets: Callable[[], VaultSecrets]) -> None:
        """``secrets``: the passwords that may encrypt the file; asked for when they are needed."""
        self._path = str(options["path"])
        self._variable = options["variable"]
        self._vault_id = options["vault_id"]
        self._secrets = secrets

    @property
    def where(self) -> str:
        """The place, for a person."""
        return self._path

    def probe(self) -> None:
        """Raises AccessError where the file cannot be written, or holds something else. Reads only."""
        _check_writable(self._path)
        self._password()
        if not Path(self._path).exists():
            return
        held = self._read()
        if self._variable is None:
            if len(held.split()) > 1:
                raise Refused(f"{self._path} holds more than one secret, which would be lost; give it another path")
            return
        try:
            known = yaml.safe_load(held)
        except yaml.YAMLError:
            known = held
        if known is not None and (not isinstance(known, dict) or set(known) - {self._variable}):
            raise Refused(
                f"{self._path} holds something else than the variable {self._variable}, which would be lost; give it "
                "another path"
            )

    def hand_over(self, secret: str) -> None:
        """Raises AccessError."""
        text = secret + "\n" if self._variable is None else f"---\n{yaml.safe_dump({self._variable: secret})}"
        label, password = self._password()
        try:
            sealed = VaultLib().encrypt(text, password, vault_id=label if self._vault_id else None)
        except AnsibleError as problem:
            raise AccessError(f"{self._path} could not be encrypted: {problem}") from None
        files.save(self._path, sealed.decode("ascii"))
        if self._read() != text:
            raise NotKept(f"{self._path} does not hold what was written")

    def _password(self) -> tuple[str, Any]:
        try:
            found: tuple[str, Any] | None = match_encrypt_secret(self._secrets(), self._vault_id)
        except AnsibleError as problem:
            raise ValidationError(f"{self._path} cannot be encrypted: {problem}") from None
        if not found:
            raise ValidationError(
                f"{self._path} cannot be encrypted: the play has no vault password; give it one (--vault-id, "
                "--vault-password-file), or name a vault_password_file"
            )
        return found

    def _read(self) -> str:
        try:
            text: bytes = VaultLib(list(self._secrets())).decrypt(Path(self._path).read_bytes())
            return text.decode("utf-8")
        except (AnsibleError, OSError, UnicodeDecodeError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else problem
            raise Refused(f"{self._path} is there, and cannot be opened with the vault password: {reason}") from None


def _check_writable(path: str) -> None:
    reason = files.unwritable(path)
    if reason:
        raise ValidationError(f"{path} cannot be written: {reason}")
