# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in a mail: what it found in the text, files attached as far as that was asked for."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http.limits import reporting
from ansible_collections.dataops.access.plugins.module_utils.http.settings import is_loopback
from ansible_collections.dataops.access.plugins.plugin_utils import exchange
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import Sink
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.parcel import Parcel

_PORTS = {"smtp": 587, "smtps": 465}


def send(sink: Sink, parcel: Parcel, redactor: Redactor) -> None:
    """One mail to all. Raises AccessError."""
    message = _message(sink, parcel)
    line = _Line()
    with exchange.bounded(sink.options["timeout"], line.socket) as is_over:
        try:
            with _connected(sink, line) as server:
                if is_over():
                    raise exchange.TooLong  # while there was no socket to shut
                if sink.options["username"] is not None:
                    server.login(sink.options["username"], sink.options["password"])
                refused = server.send_message(message)
        except (smtplib.SMTPException, OSError) as problem:
            said = printable(redactor.text(" ".join(str(exchange.TooLong() if is_over() else problem).split())))
            raise AccessError(
                f"Could not send the mail by {sink.name}: {said or type(problem).__name__}. "
                "Next: check url, the log-in, and that the server speaks TLS",
                kind="timeout" if is_over() else "connection",
            ) from None
    if refused:
        raise AccessError(f"Could not send the mail by {sink.name} to everybody: refused for {', '.join(refused)}")


def _message(sink: Sink, parcel: Parcel) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = printable(" ".join(parcel.title.split()))
    message["From"] = sink.options["sender"]
    message["To"] = ", ".join(sink.options["to"])
    message.set_content(parcel.text)
    for file in parcel.files:
        if file.tenant is None and file.name in sink.options["attach"]:
            message.add_attachment(
                file.path.read_bytes(), maintype="application", subtype="octet-stream", filename=file.name
            )
    return message


class _Line:
    """The connection of one mail, whose making reads already."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def socket(self) -> Any:
        return self._server and self._server.sock

    def of(self, kind: type[smtplib.SMTP]) -> Any:
        """A class of connections that are this line's, whose making connects."""

        def opening(server: smtplib.SMTP) -> None:
            self._server = server

        return reporting(kind, opening)


def _connected(sink: Sink, line: _Line) -> smtplib.SMTP:
    parts = urlsplit(sink.options["url"])
    host = parts.hostname or ""
    port, timeout = parts.port or _PORTS[parts.scheme], sink.options["timeout"]
    context = ssl.create_default_context(cafile=sink.options["ca_path"])
    if parts.scheme == "smtps":
        made: smtplib.SMTP = line.of(smtplib.SMTP_SSL)(host, port, timeout=timeout, context=context)
        return made
    server: smtplib.SMTP = line.of(smtplib.SMTP)(host, port, timeout=timeout)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif not (sink.options["allow_plain"] or is_loopback(host)):
            raise smtplib.SMTPNotSupportedError("it offers no TLS, and a report is not sent in clear (allow_plain)")
    except BaseException:
        server.close()
        raise
    return server
