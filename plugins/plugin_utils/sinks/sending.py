# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a run wrote to every place that was asked for, and back again for a report of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.audit.folder import Written
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import declaration, git, http_put, mail
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import (
    GIT,
    HTTP_PUT,
    MAIL,
    VARIABLE,
    Sink,
)
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.parcel import File, Parcel

_SENDERS = {HTTP_PUT: http_put.send, GIT: git.send, MAIL: mail.send}


@dataclass(frozen=True)
class Sent:
    """What became of it. ``wrong``: a sentence for each sink that has not got everything."""

    wrong: list[str]
    # A function from a file's name to the URL where a later job can get it; None where there is none.
    place: Callable[[str], str] | None = None


def send(sinks: Iterable[Sink], written: Written, title: str, text: str) -> Sent:
    """Send what was written to each sink, whatever becomes of the others."""
    files = [File(None, Path(path)) for path in written.newest]
    files += [File(tenant, Path(path)) for tenant, path in sorted(written.tenants.items())]
    parcel = Parcel(written.run, title, text, files)
    wrong, place = [], None
    for sink in sinks:
        redactor = Redactor()
        redactor.add(*sink.secrets)
        try:
            _SENDERS[sink.kind](sink, parcel, redactor)
        except AccessError as problem:
            wrong.append(problem.message)
        except Exception as problem:  # noqa: BLE001 - what was done is told whatever becomes of a sink; its text may hold anything
            wrong.append(f"Could not send the report to {sink.name}: {type(problem).__name__}. Next: check its options")
        else:
            if place is None and sink.kind == HTTP_PUT:
                place = partial(sink.place, written.run, None)
    return Sent(wrong, place)


def send_declared(given: Any, written: Written, title: str, text: str) -> Sent:
    """The same for sinks that are only read now: even a wrong declaration loses nothing of what is to be told."""
    try:
        sinks = declaration.read(given)
    except ValidationError as problem:
        return Sent([problem.message])
    return send(sinks, written, title, text)


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
