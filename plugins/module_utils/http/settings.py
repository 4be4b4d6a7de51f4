# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options that are no credentials, and what makes them unusable or unsafe."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import public_url
from ansible_collections.dataops.access.plugins.module_utils.http import answers, certificates
from ansible_collections.dataops.access.plugins.module_utils.http.auth import basic

# Some four months, in seconds: what sockets, timers and threads can count.
_LARGEST_NUMBER = 10_000_000
# One request in a quarter of an hour.
_SLOWEST_RATE = 0.001


@dataclass(frozen=True)
class Settings:
    """Connection options, as the modules name them, without credentials. Times in seconds."""

    api_url: str
    api_timeout: float = 30.0
    api_retries: int = 4
    api_deadline: float = 0.0
    api_rate_limit: float = 0.0
    api_concurrency: int = 8
    api_proxy: str | None = field(default=None, repr=False)
    api_allow_http: bool = False
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None

    def check(self) -> None:
        """Raise ValidationError for settings that cannot work or would be unsafe."""
        check_url("api_url", self.api_url, self.api_allow_http)
        if self.api_proxy and not _is_proxy(self.api_proxy):
            raise ValidationError("api_proxy: give it as a URL, such as http://proxy.example.com:3128")
        for name, least in (("api_timeout", 0.001), ("api_retries", 0), ("api_deadline", 0), ("api_rate_limit", 0)):
            value = getattr(self, name)
            if not least <= value <= _LARGEST_NUMBER:
                raise ValidationError(f"{name}: {value} is out of range; it must be {least} to {_LARGEST_NUMBER}")
        if 0 < self.api_rate_limit < _SLOWEST_RATE:
            raise ValidationError(
                f"api_rate_limit: {self.api_rate_limit} is out of range; give {_SLOWEST_RATE} or more requests a "
                "second, or 0 for no limit"
            )
        if self.api_concurrency < 1:
            raise ValidationError(f"api_concurrency: {self.api_concurrency} is out of range; it must be 1 or more")
        if self.client_key and not self.client_cert:
            raise ValidationError("client_key needs client_cert")
        for name in ("ca_path", "client_cert", "client_key"):
            file = getattr(self, name)
            if file and not Path(file).exists():
                raise ValidationError(f"{name}: there is no file {file}")
        if self.ca_path and self.validate_certs:
            certificates.check_authorities(self.ca_path)
        if self.client_cert:
            certificates.check_client(self.client_cert, self.client_key)


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "socks5", "socks5h") and bool(parts.hostname)


def check_url(option: str, url: str, allow_http: bool, switch: str = "api_allow_http") -> None:
    """Whether a server can be asked there without giving anything away. Raises ValidationError.

    ``switch``: the option that ``allow_http`` comes from.
    """
    shown = answers.one_line(public_url(url))
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _port = parts.port
    except ValueError:
        # Its text quotes what may be a part of a password.
        raise ValidationError(f"{option}: '{shown}' is not a URL; look at its host and port") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValidationError(
            f"{option}: '{shown}' is not a URL; give it with scheme and host, as in https://host/path"
        )
    if parts.username is not None or parts.password is not None:
        raise ValidationError(f"{option}: credentials do not belong into the URL; use the options for them")
    if parts.query or parts.fragment:
        raise ValidationError(f"{option}: '{shown}' must end with the path, without ? or #")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise ValidationError(
            f"{option}: {parts.scheme}://{host} would send credentials in clear; use https, "
            f"or set {switch}: true if the network between is trusted"
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_secrets(url: str | None) -> Iterator[str]:
    """The password in a proxy's URL, as it stands there and as it is sent."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return  # no URL: it is refused
    if parts.password:
        yield parts.password
        yield unquote(parts.password)
        yield basic(unquote(parts.username or ""), unquote(parts.password))
