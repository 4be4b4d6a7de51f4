# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.html``: one file without external assets, all of it readable without script. Pure.

Names come from servers and may hold anything. Every value that the template prints goes through `_visible` and is then
escaped, in text and attributes alike; none stands in a script, a style, a link or the name of anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    page_charts,
    page_expiry,
    page_findings,
    page_people,
    page_scope,
)

_ROLE = Path(__file__).resolve().parents[3] / "roles" / "access_report"


def render(record: Mapping[str, Any]) -> str:
    """The report as HTML."""
    style, script = (Markup(_file(name)) for name in ("report.css", "report.js"))  # noqa: S704 - our own files
    found = page_findings.view(record)
    context = {
        "style": style,
        "script": script,
        "policy": Markup(_policy(style, script)),  # noqa: S704 - made of hashes
        "record": record,
        "verdict": page_scope.verdict(record),
        "steps": list(page_scope.steps(record, found.severities)),
        "tenants": page_scope.tenants(record),
        "not_covered": page_scope.not_covered(record),
        "found": found,
        "people": page_people.view(record, found.concerned),
        "expiry": page_expiry.view(record),
        "charts": page_charts.view(record),
    }
    return _environment().get_template("report.html.j2").render(context)


def _visible(value: Any) -> Any:
    """A printed value with control and bidirectional characters shown as escapes; what is markup already stays."""
    if isinstance(value, (Markup, int)):
        return value
    text = str(value)
    return text if text.isprintable() else printable(text)


def _lines(text: str) -> Markup:
    """A text whose line breaks stay: the YAML of a remedy."""
    return Markup("\n").join(_visible(line) for line in text.split("\n"))


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_ROLE / "templates"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = page_findings.shown
    environment.filters["lines"] = _lines
    return environment


@functools.cache
def _file(name: str) -> str:
    return (_ROLE / "files" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """A content security policy that allows this style, this script, and nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
