# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where reports go besides the report's folder, as declared by ``access_report_sinks``. Pure.

A controller's job runs in a container that is thrown away, so that what is to be kept has to leave it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http.settings import check_url, is_loopback
from ansible_collections.dataops.access.plugins.plugin_utils.declared import message_of

VARIABLE = "access_report_sinks"
HTTP_PUT, GIT, MAIL = "http_put", "git", "mail"

# What a file of the run as a whole has in place of a tenant.
ALL_TENANTS = "all"
_RUN, _TENANT, _FILE = "{run}", "{tenant}", "{file}"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# user@host:path, as git and ssh take it.
_SCP = re.compile(r"[\w.-]+@[\w.-]+:(?!/?/)\S+")

_HEADERS = {"type": "dict", "default": {}, "no_log": True}
_SPECS: dict[str, dict[str, dict[str, Any]]] = {
    HTTP_PUT: {
        "url": {"type": "str", "required": True},
        "headers": _HEADERS,
        "allow_http": {"type": "bool", "default": False},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 60.0},
        "validate_certs": {"type": "bool", "default": True},
    },
    GIT: {
        "url": {"type": "str", "required": True},
        "branch": {"type": "str", "default": "main"},
        "path": {"type": "str", "default": f"{_RUN}/{_TENANT}/{_FILE}"},
        "headers": _HEADERS,
        "allow_http": {"type": "bool", "default": False},
        "author": {"type": "str", "default": "dataops.access <access@localhost>"},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 120.0},
    },
    MAIL: {
        "url": {"type": "str", "required": True},
        "sender": {"type": "str", "required": True},
        "to": {"type": "list", "elements": "str", "required": True},
        "attach": {"type": "list", "elements": "str", "default": []},
        "username": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "allow_plain": {"type": "bool", "default": False},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 60.0},
    },
}


@dataclass(frozen=True)
class Sink:
    """One place. ``options``: those of its kind, with everything that is left out at its default."""

    kind: str
    options: Mapping[str, Any]
    # For a person: never with anything secret.
    name: str

    @property
    def secrets(self) -> Iterator[str]:
        """What must not be shown. A server may quote a part of what it was sent."""
        for value in (self.options.get("headers") or {}).values():
            yield from _parts(str(value))
        if self.options.get("password"):
            yield str(self.options["password"])

    @property
    def for_tenants(self) -> bool:
        """Whether the files of single tenants go there too."""
        return self.kind != MAIL and _TENANT in self.options["path" if self.kind == GIT else "url"]

    def place(self, run: str, tenant: str | None, file: str) -> str:
        """The URL, or the path in the repository, of one file. Names that are none of a path are encoded."""
        template = str(self.options["path" if self.kind == GIT else "url"])
        values = {_RUN: run, _TENANT: tenant or ALL_TENANTS, _FILE: file}
        return _PLACEHOLDER.sub(lambda found: _encoded(values[found.group()]), template)

    def holds(self, url: str) -> bool:
        """Whether this is where a file that was put there lies, so that it may be asked for it."""
        fixed = str(self.options["url"]).partition("{")[0]
        return self.kind == HTTP_PUT and url.startswith(fixed) and ".." not in url[len(fixed) :]


def _parts(header: str) -> Iterator[str]:
    """The value of a header, what follows ``Bearer`` or ``Basic`` in it, and the log-in that this may be."""
    credential = header.partition(" ")[2].strip()
    yield header
    if credential:
        yield credential
    with suppress(ValueError):
        login = base64.b64decode(credential, validate=True).decode()
        yield from filter(None, (login, login.partition(":")[2]))


def _encoded(name: str) -> str:
    found = quote(name, safe="@:+,=")
    # A path would go up there, or into git's own folder.
    return f"%2E{found[1:]}" if name.startswith(".") else found


def read(given: Any) -> list[Sink]:
    """The sinks of ``access_report_sinks``. Raises ValidationError that names every one that cannot be."""
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise ValidationError(f"{VARIABLE}: give a list of sinks, each with a type out of {', '.join(_SPECS)}")
    found, wrong = [], []
    for number, entry in enumerate(given, start=1):
        try:
            found.append(_sink(entry, number))
        except ValidationError as problem:
            wrong.append(f"entry {number}: {problem.message}")
    if wrong:
        raise ValidationError(f"{VARIABLE}: {'; '.join(wrong)}")
    return found


def _sink(entry: Any, number: int) -> Sink:
    if not isinstance(entry, Mapping) or entry.get("type") not in _SPECS:
        raise ValidationError(f"it needs a type out of {', '.join(_SPECS)}")
    kind = str(entry["type"])
    given = {name: value for name, value in entry.items() if name != "type"}
    checked = ArgumentSpecValidator(_SPECS[kind]).validate(given)
    if checked.error_messages:
        redactor = Redactor()
        redactor.add(*(str(value) for value in _texts([given.get("headers"), given.get("password")])))
        raise ValidationError(redactor.text("; ".join(map(message_of, checked.errors))))
    options = {name: checked.validated_parameters.get(name) for name in _SPECS[kind]}
    if options["timeout"] <= 0:
        raise ValidationError("timeout: give seconds, more than 0")
    for name, value in (options.get("headers") or {}).items():
        if not isinstance(value, str) or not f"{name}{value}".isprintable():
            raise ValidationError(f"headers: '{unknown_names.first(name)}' must be a text of one line")
    host = _CHECKS[kind](options)
    return Sink(kind, options, f"sink {number} ({kind}, {host})")


def _texts(value: Any) -> Iterator[Any]:
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else [value]:
        if isinstance(item, (Mapping, list)):
            yield from _texts(item)
        elif item is not None:
            yield item


def _check_http(options: Mapping[str, Any]) -> str:
    url = str(options["url"])
    _check_template("url", url)
    check_url("url", _PLACEHOLDER.sub("x", url), options["allow_http"], "allow_http")
    if _PLACEHOLDER.search(url.split("/", 3)[2] if url.count("/") > 2 else url):
        raise ValidationError("url: the host must be given, a placeholder may stand in the path alone")
    return urlsplit(url).hostname or ""


def _check_git(options: Mapping[str, Any]) -> str:
    url, path = str(options["url"]), str(options["path"])
    _check_template("path", path)
    parts = _PLACEHOLDER.sub("x", path).split("/")
    if path.startswith("/") or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
        raise ValidationError(f"path: '{path}' is no path inside of a repository")
    if str(options["branch"]).startswith("-"):
        raise ValidationError("branch: it is no name of a branch")
    if _SCP.fullmatch(url):
        return url.partition("@")[2].partition(":")[0]
    parsed = urlsplit(url)
    if parsed.scheme == "ssh" and parsed.hostname and parsed.password is None and not parsed.hostname.startswith("-"):
        return parsed.hostname
    if parsed.scheme == "" and url.startswith("/"):
        return url
    check_url("url", url, options["allow_http"], "allow_http")
    return parsed.hostname or ""


def _check_mail(options: Mapping[str, Any]) -> str:
    try:
        parts = urlsplit(str(options["url"]))
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("smtp", "smtps") or parts.username or parts.path.strip("/"):
        raise ValidationError("url: give it as smtps://host:465 or smtp://host:587, without a log-in in it")
    if not options["to"]:
        raise ValidationError("to: name somebody")
    for name in ("sender", *(f"to[{place}]" for place in range(len(options["to"])))):
        address = options["sender"] if name == "sender" else options["to"][int(name[3:-1])]
        if not re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+", str(address)):
            raise ValidationError(f"{name}: '{address}' is no e-mail address")
    if (options["username"] is None) != (options["password"] is None):
        raise ValidationError("username and password belong together")
    if options["allow_plain"] and options["password"] and not is_loopback(host):
        raise ValidationError("allow_plain: a password is sent over TLS alone")
    return str(host)


_CHECKS = {HTTP_PUT: _check_http, GIT: _check_git, MAIL: _check_mail}


def _check_template(option: str, template: str) -> None:
    unknown = sorted(set(_PLACEHOLDER.findall(template)) - {_RUN, _TENANT, _FILE})
    if unknown:
        raise ValidationError(f"{option}: {', '.join(unknown)} is none of {_RUN}, {_TENANT}, {_FILE}")
    missing = [name for name in (_RUN, _FILE) if name not in template]
    if missing:
        raise ValidationError(
            f"{option}: {' and '.join(missing)} must be in it, so that no file of one run replaces another"
        )
