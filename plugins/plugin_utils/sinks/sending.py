# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a run wrote to every place that was asked for, and back again for a report of reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.audit.folder import Written
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import git, http_put, mail
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import (
    GIT,
    HTTP_PUT,
    MAIL,
    VARIABLE,
    Sink,
)
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.parcel import File, Parcel

_SENDERS = {HTTP_PUT: http_put.send, GIT: git.send, MAIL: mail.send}


def send(sinks: Iterable[Sink], written: Written, title: str, text: str) -> list[str]:
    """Send what was written to each sink, whatever becomes of the others; what went wrong, a sentence each."""
    files = [File(None, Path(path)) for path in written.newest]
    files += [File(tenant, Path(path)) for tenant, path in sorted(written.tenants.items())]
    parcel = Parcel(written.run, title, text, files)
    wrong = []
    for sink in sinks:
        redactor = Redactor()
        redactor.add(*sink.secrets)
        try:
            _SENDERS[sink.kind](sink, parcel, redactor)
        except AccessError as problem:
            wrong.append(problem.message)
    return wrong


def place(sinks: Iterable[Sink], run: str, name: str) -> str | None:
    """The URL from which a later job can get a file of the run, if one of the sinks has any."""
    return next((sink.place(run, None, name) for sink in sinks if sink.kind == HTTP_PUT), None)


def is_url(place_of_report: str) -> bool:
    """Whether a report is to be fetched."""
    return place_of_report.startswith(("https://", "http://"))


def fetch(sinks: Sequence[Sink], url: str) -> str:
    """The text of a report that a run has put there.

    Raises ValidationError where no sink is known for it, so that no credential goes to a server that a URL names.
    """
    sink = next((each for each in sinks if each.holds(url)), None)
    if sink is None:
        raise ValidationError(f"{url} is in no http_put sink of {VARIABLE}, so that nothing says how to ask for it")
    redactor = Redactor()
    redactor.add(*sink.secrets)
    try:
        return http_put.fetch(sink, url, redactor).decode("utf-8")
    except UnicodeDecodeError:
        raise ValidationError(f"{url} is no text in UTF-8") from None
