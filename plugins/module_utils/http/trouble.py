# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the libraries below raise when an exchange with a server fails, and what to do about it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# By what OpenSSL calls it; the first that matches holds. Alerts come from the server.
_TLS = (
    (r"has expired", "the server's certificate has to be renewed; if it is in force, look at this host's clock"),
    (r"not yet valid", "look at this host's clock, and at the server's certificate"),
    (r"mismatch, certificate|doesn't match", "set api_url to a name that is in the server's certificate"),
    (r"WRONG_VERSION_NUMBER|HTTP_REQUEST|RECORD_LAYER", "check scheme and port of api_url: this is not TLS"),
    (r"PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW", "let the server speak TLS 1.2 or newer"),
    (r"BAD_RECORD_MAC|DECRYPTION_FAILED", "look at what stands in between: it damages what is sent; then run it again"),
    (r"ALERT|EOF occurred", "if the server asks for a client certificate, set client_cert to one that it accepts"),
)
_UNKNOWN_AUTHORITY = "set ca_path to the certificate authority that signed the server's certificate"


def chain(problem: BaseException) -> list[BaseException]:
    """The exception and everything that it wraps, the innermost last."""
    found = [problem]
    while len(found) < 10:
        inner = getattr(found[-1], "reason", None) or found[-1].__cause__ or found[-1].__context__
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in found[-1].args if isinstance(arg, BaseException)), None)
        if inner is None or inner in found:
            return found
        found.append(inner)
    return found


def tls_advice(detail: str) -> str:
    """What to do about a failed TLS handshake, by the text of the failure."""
    return next((advice for pattern, advice in _TLS if re.search(pattern, detail)), _UNKNOWN_AUTHORITY)


def proxy_name(url: str | None) -> str:
    """A proxy as messages name it: scheme, host and port, without the log-in; "the proxy" where none is known."""
    if not url:
        return "the proxy"
    # As requests does: a proxy of the environment may be without a scheme.
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return f"the proxy {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
