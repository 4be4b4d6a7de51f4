# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the secrets of renewed tokens go, as declared by ``access_token_handover`` and a token's ``handover``. Pure.

Nothing is asked here; of the disk no more than whether a file of tasks is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.core.tenants import is_blank
from ansible_collections.dataops.access.plugins.module_utils.http.settings import check_url
from ansible_collections.dataops.access.plugins.plugin_utils.declared import message_of

# What a token of a role may have beyond the options of its module.
CHOICE = "handover"
VARIABLE = "access_token_handover"

SECRET_FILE = "secret_file"  # noqa: S105 - the name of a kind, and of the module's option
TASKS = "tasks"

_SERVER: dict[str, dict[str, Any]] = {
    "url": {"type": "str", "required": True},
    "token": {"type": "str", "required": True, "no_log": True},
    "allow_http": {"type": "bool", "default": False},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30.0},
    "validate_certs": {"type": "bool", "default": True},
}
# Options by kind.
KINDS: dict[str, dict[str, dict[str, Any]]] = {
    SECRET_FILE: {},
    "vault_file": {
        "path": {"type": "path", "required": True},
        "variable": {"type": "str"},
        "vault_id": {"type": "str"},
        "vault_password_file": {"type": "path", "no_log": False},
    },
    "awx_credential": {
        **_SERVER,
        "credential": {"type": "str", "required": True},
        "field": {"type": "str", "required": True},
        "api_path": {"type": "str", "default": "/api/v2"},
    },
    "hashicorp_vault": {
        **_SERVER,
        "path": {"type": "str", "required": True},
        "field": {"type": "str", "default": "token"},
        "mount": {"type": "str", "default": "secret"},
        "namespace": {"type": "str"},
    },
    TASKS: {"file": {"type": "path", "required": True}},
}
# In what says where a secret goes, these stand for the token.
_PLACEHOLDERS = ("account", "host", "name")
_NOT_A_PLACE = ("token", "url")
# What tells two places of one kind apart.
_PLACE = ("url", "namespace", "mount", "credential", "path", "field")
_SECRET = "token"  # noqa: S105 - the name of the option that holds one


@dataclass(frozen=True)
class Handover:
    """One place for a secret. ``options``: those of its kind, with everything that is left out at its default."""

    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Renewal:
    """One declared token that is to be renewed in time.

    ``declared``: its options as the role has them, without the choice of handovers.
    """

    name: str
    declared: Mapping[str, Any]
    handovers: tuple[Handover, ...]

    @property
    def only_file(self) -> bool:
        """Whether the module alone hands its secret over."""
        return [handover.kind for handover in self.handovers] == [SECRET_FILE]

    @property
    def tasks(self) -> list[str]:
        """Files of tasks that hand its secret over."""
        return [str(handover.options["file"]) for handover in self.handovers if handover.kind == TASKS]


@dataclass(frozen=True)
class Surroundings:
    """Whose declaration it is. ``folder``: where relative paths begin."""

    host: str
    account: str
    folder: Path
    # Without them (in a merge request) nobody can say whether credentials are given.
    credentials: bool = True


def without_choice(entry: Any) -> Any:
    """A declared token as its module takes it."""
    return {key: value for key, value in entry.items() if key != CHOICE} if isinstance(entry, Mapping) else entry


def read(tokens: Sequence[Any], declared: Any, around: Surroundings) -> tuple[list[Renewal], list[str]]:
    """The tokens that are to be renewed in time, and what is wrong with where their secrets go, one sentence each.

    ``tokens``: as ``devo_tokens``; what is wrong with them otherwise is for their module to say. ``declared``: the
    host's ``access_token_handover``, a list, one mapping, or None.
    """
    renewals, errors = [], []
    for entry in tokens:
        if not _is_renewed(entry):
            continue
        name, found = str(entry["name"]), []
        for variable, item in _chosen(entry, declared):
            try:
                found.append(_handover(item, name, around))
            except ValidationError as problem:
                errors.append(_without_secret(f"token '{name}': {variable}: {problem.message}", item))
        found = _with_file(entry, found)
        if not found and not any(error.startswith(f"token '{name}': ") for error in errors):
            errors.append(
                f"token '{name}': renew_before is set, and nothing says where its new secret goes; give it a "
                f"secret_file or a {CHOICE}, or the host {VARIABLE}"
            )
        renewals.append(Renewal(name, without_choice(entry), tuple(found)))
    return renewals, errors + _shared(renewals)


def _is_renewed(entry: Any) -> bool:
    if not isinstance(entry, Mapping) or not entry.get("name") or entry.get("renew_before") is None:
        return False
    return entry.get("state") != ABSENT and entry.get("enabled") is not False


def _chosen(entry: Mapping[str, Any], declared: Any) -> Iterator[tuple[str, Any]]:
    """The handovers of a token: its own, else those of the host; each with the variable that it stands in."""
    own = entry.get(CHOICE)
    variable, value = (VARIABLE, declared) if own is None else (f"devo_tokens: {CHOICE}", own)
    if is_blank(value):
        return  # an undefined variable as well: what stands for it is None, or empty in an older ansible-core
    if isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            yield f"{variable}, entry {place + 1}", item
    else:
        yield variable, value


def _handover(item: Any, name: str, around: Surroundings) -> Handover:
    """Raises ValidationError."""
    if isinstance(item, str):
        item = {"kind": item}
    if not isinstance(item, Mapping):
        raise ValidationError(f"it is no mapping with a kind; known kinds are {', '.join(sorted(KINDS))}")
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        said = "kind is missing" if kind is None else f"'{unknown_names.first(kind)}' is no kind"
        raise ValidationError(f"{said}; known are {', '.join(sorted(KINDS))}")
    given = {key: value for key, value in item.items() if key != "kind" and value is not None}
    checked = ArgumentSpecValidator(KINDS[kind]).validate(given)
    if checked.error_messages:
        raise ValidationError(f"{kind}: {message_of(checked.errors[0])}")
    options = _placed(checked.validated_parameters, name, around)
    _check(kind, options, around)
    return Handover(kind, options)


def _placed(options: Mapping[str, Any], name: str, around: Surroundings) -> dict[str, Any]:
    """The options with {name}, {account} and {host} filled in, and with absolute paths."""
    stands_for = {"account": around.account, "host": around.host, "name": name}
    placed = dict(options)
    for option, value in options.items():
        if isinstance(value, str) and option not in _NOT_A_PLACE:
            for word in _PLACEHOLDERS:
                value = value.replace(f"{{{word}}}", stands_for[word])  # noqa: PLW2901 - filled in one by one
            placed[option] = value
    return placed


def _check(kind: str, options: dict[str, Any], around: Surroundings) -> None:
    for option, spec in KINDS[kind].items():
        value = options[option]
        if spec["type"] == "path" and value:
            options[option] = str(around.folder / value)
        blank = isinstance(value, str) and not value.strip()
        if blank and spec.get("required") and (option != _SECRET or around.credentials):
            raise ValidationError(f"{kind}: {option} is empty")
    if "url" in options and options["url"].strip():
        options["url"] = options["url"].strip().rstrip("/")
        check_url("url", options["url"], options["allow_http"], "allow_http")
    if kind == "vault_file" and options["variable"] is not None and not options["variable"].isidentifier():
        raise ValidationError(f"{kind}: variable: '{options['variable']}' cannot be the name of a variable")
    if kind == TASKS and not Path(options["file"]).is_file():
        raise ValidationError(f"{kind}: there is no file {options['file']}")


def _with_file(entry: Mapping[str, Any], found: Sequence[Handover]) -> list[Handover]:
    """A declared secret_file is always kept: ``apply`` writes it as well, and nobody may find an old secret in it."""
    others = [handover for handover in found if handover.kind != SECRET_FILE]
    if entry.get(SECRET_FILE):
        return [Handover(SECRET_FILE, {"path": str(entry[SECRET_FILE])}), *others]
    return others


def _shared(renewals: Sequence[Renewal]) -> list[str]:
    """Two tokens with one place: the second would take the secret of the first away."""
    owners: dict[tuple[Any, ...], str] = {}
    errors = []
    for renewal in renewals:
        for handover in renewal.handovers:
            if handover.kind in (TASKS, SECRET_FILE):
                continue  # tasks decide by the name; of files the module says it
            place = (handover.kind, *(str(handover.options.get(key)) for key in _PLACE))
            other = owners.setdefault(place, renewal.name)
            if other != renewal.name:
                errors.append(
                    f"token '{renewal.name}': {handover.kind}: token '{other}' has the same place, which holds one "
                    "secret; tell them apart with {name}"
                )
    return errors


def _without_secret(text: str, item: Any) -> str:
    secret = item.get(_SECRET) if isinstance(item, Mapping) else None
    return Redactor([str(secret)] if secret else []).text(text)
