# SPDX-License-Identifier: GPL-3.0-or-later
"""What an automation controller makes of a custom credential type: what it refuses, and what it injects into a job.

Written from the rules of AWX 24.6, awx/main/fields.py and awx/main/models/credential.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from unit.awx.schemas import CREDENTIAL_TYPE, RESERVED_VARIABLES

_SCHEMA = jsonschema.Draft202012Validator(CREDENTIAL_TYPE)
_STRICT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
_LENIENT = ImmutableSandboxedEnvironment()
_DEFAULTS = {"string": "", "boolean": False}
_STRINGS_ONLY = ("choices", "format", "multiline", "secret")


@cache
def _template(environment: ImmutableSandboxedEnvironment, text: str) -> Template:
    return environment.from_string(text)


class Refused(Exception):
    """The controller would not take it: HTTP 400."""


@dataclass(frozen=True)
class Injected:
    """What a job gets of one credential: environment variables (files as paths), and extra variables."""

    env: Mapping[str, str]
    extra_vars: Mapping[str, Any] = field(default_factory=dict)


def check(credential_type: Mapping[str, Any]) -> None:
    """Raises Refused for a type that could not be saved, with its inputs and injectors."""
    for error in _SCHEMA.iter_errors(credential_type):
        raise Refused(f"{error.json_path}: {error.message}")
    fields = credential_type["inputs"].get("fields", [])
    names = [each["id"] for each in fields]
    if len(set(names)) < len(names) or "tower" in names:
        raise Refused("field ids must be unique, and none is tower")
    for each in fields:
        kind = each.get("type", "string")
        if "default" in each and type(each["default"]) is not type(_DEFAULTS[kind]):
            raise Refused(f"{each['id']}: {each['default']!r} is no {kind}")
        if kind != "string" and any(key in each for key in _STRINGS_ONLY):
            raise Refused(f"{each['id']}: only a string may have {', '.join(_STRINGS_ONLY)}")
    unknown = set(credential_type["inputs"].get("required", [])) - set(names)
    if unknown:
        raise Refused(f"required, but no fields: {sorted(unknown)}")
    _check_injectors(credential_type["injectors"], names)


def _check_injectors(injectors: Mapping[str, Any], names: list[str]) -> None:
    for variable in injectors.get("env", {}):
        if variable.startswith("ANSIBLE_") or variable in RESERVED_VARIABLES:
            raise Refused(f"{variable} is not allowed")
    files = injectors.get("file", {})
    if "template" in files and len(files) > 1:
        raise Refused("several files need a name each")
    filename: Any = "EXAMPLE_FILENAME"
    if "template" not in files:
        filename = SimpleNamespace(**{_label(name): "EXAMPLE_FILENAME" for name in files})
    namespace = {**dict.fromkeys(names, "EXAMPLE"), "tower": SimpleNamespace(filename=filename)}
    for template in _templates(injectors):
        try:
            _template(_STRICT, template).render(namespace)
        except TemplateError as error:
            raise Refused(f"{template}: {error}") from error


def _templates(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield key
            yield from _templates(value)
    elif isinstance(node, list):
        for value in node:
            yield from _templates(value)
    else:
        yield node


def _label(name: str) -> str:
    return name.split(".")[1]


def kept(credential_type: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a credential as they are kept. Raises Refused for what could not be saved or launched with."""
    fields = {each["id"]: each for each in credential_type["inputs"].get("fields", [])}
    made: dict[str, Any] = {}
    for name, value in inputs.items():
        if name not in fields:
            raise Refused(f"{name} is no field")
        kind = fields[name].get("type", "string")
        choices = fields[name].get("choices")
        # Whatever is empty becomes the first choice, or empty of the right kind.
        made[name] = value or (choices[0] if choices else _DEFAULTS[kind])
        if type(made[name]) is not type(_DEFAULTS[kind]):
            raise Refused(f"{name}: {value!r} is no {kind}")
        if choices and made[name] not in choices:
            raise Refused(f"{name}: {value!r} is none of {choices}")
        # The controller checks an empty string too.
        if fields[name].get("format") == "url" and not re.match(r"[a-z]+://[^/]", str(made[name])):
            raise Refused(f"{name}: {value!r} is no URL")
    missing = [name for name in credential_type["inputs"].get("required", []) if not made.get(name)]
    if missing:
        raise Refused(f"missing: {missing}")
    return made


def injected(credential_type: Mapping[str, Any], inputs: Mapping[str, Any], directory: Path) -> Injected:
    """What a job gets of a credential with these inputs. Files are written into ``directory``, with mode 0600.

    An empty text is not in the templates' namespace, a boolean that was left out is false there whatever its default.
    Raises Refused as :func:`check` and :func:`kept` do.
    """
    check(credential_type)
    namespace: dict[str, Any] = {
        name: value for name, value in kept(credential_type, inputs).items() if isinstance(value, bool) or value
    }
    for each in credential_type["inputs"].get("fields", []):
        if each.get("type") == "boolean":
            namespace.setdefault(each["id"], False)
        if each.get("format") == "ssh_private_key" and not namespace.get(each["id"], "\n").endswith("\n"):
            namespace[each["id"]] += "\n"

    def render(node: Any) -> Any:
        if isinstance(node, Mapping):
            return {render(key): render(value) for key, value in node.items()}
        if isinstance(node, list):
            return [render(value) for value in node]
        return _template(_LENIENT, node).render(**namespace)

    injectors = credential_type["injectors"]
    paths = {}
    for place, (name, template) in enumerate(sorted(injectors.get("file", {}).items())):
        path = directory / f"{re.sub(r'[^a-z]+', '-', credential_type['name'].lower())}-{place}"
        path.touch(mode=0o600)
        path.write_text(render(template))
        paths[name] = str(path)
    single = paths.pop("template", None)
    tower = SimpleNamespace()
    if single or paths:
        tower.filename = single or SimpleNamespace(**{_label(name): path for name, path in paths.items()})
    namespace["tower"] = tower
    return Injected(render(injectors.get("env", {})), render(injectors.get("extra_vars", {})))
