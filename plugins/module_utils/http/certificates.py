# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the files with certificates and keys are what they should be, before any server is asked."""

from __future__ import annotations

import ssl
from pathlib import Path

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError


def check_authorities(path: str) -> None:
    """Raise ValidationError unless ``path`` holds certificates, or is a directory or empty."""
    file = Path(path)
    if file.is_dir():
        return
    try:
        if file.stat().st_size:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise ValidationError(f"ca_path: {path} holds no certificate in PEM form") from None
    except OSError as error:
        raise _unreadable("ca_path", path, error) from None


def check_client(certificate: str, key: str | None) -> None:
    """Raise ValidationError unless these are a certificate and its key; without ``key`` one file holds both."""
    asked = []

    def passphrase() -> str:
        asked.append(True)
        return ""

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, passphrase)
    except ssl.SSLError as error:
        option, file = ("client_key", key) if key else ("client_cert", certificate)
        if asked:
            problem = f"{option}: the key in {file} needs a passphrase, which cannot be given; use one without"
        elif "MISMATCH" in str(error):
            problem = f"{option}: the key in {file} is not that of the certificate in {certificate}"
        elif key:
            problem = (
                f"client_cert and client_key: {certificate} and {key} are not a certificate and its key in PEM form"
            )
        else:
            problem = (
                f"client_cert: {certificate} does not hold a certificate and its key in PEM form; name the key's file "
                "in client_key if it has one of its own"
            )
        raise ValidationError(problem) from None
    except OSError as error:
        raise _unreadable("client_cert" if key is None else "client_cert or client_key", certificate, error) from None


def _unreadable(option: str, path: str, error: OSError) -> ValidationError:
    return ValidationError(f"{option}: {path} cannot be read: {error.strerror or type(error).__name__}")
