# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ansible side: argument specs made from the declarations, one try/except, one way out.

A module file calls :func:`run_one`, :func:`run_many` or :func:`run_info` with its service and nothing else.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleFallbackNotFound, AnsibleModule, missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dataops.access.plugins.module_utils.core import apply, inventory, plan, render
from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import Source, read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.masking import NAMES, Masking
from ansible_collections.dataops.access.plugins.module_utils.core.plain_entry import PlainEntries
from ansible_collections.dataops.access.plugins.module_utils.core.policy import Policy
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT, Declared, Resource
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor, public_url
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader, Service, check_unique
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Platform, resolve
from ansible_collections.dataops.access.plugins.module_utils.http.kept import Keeper
from ansible_collections.dataops.access.plugins.module_utils.http.session import REQUESTS_ERROR

# What keeps connections open from one run to the next, where runs follow each other in one process.
KEEPER: Keeper | None = None

# --- argument specs --------------------------------------------------------------------------------------------


def nonblank_env(*variables: str) -> str:
    """An environment fallback that takes an empty or blank variable as unset: AWX injects those."""
    for variable in variables:
        value = os.environ.get(variable, "")
        if value.strip():
            return value.strip()
    raise AnsibleFallbackNotFound


def connection_spec(platform: Platform) -> dict[str, Any]:
    """The connection options of one platform."""
    spec: dict[str, Any] = {
        "api_url": {"type": "str"},
        "api_timeout": {"type": "float", "default": 30.0},
        "api_retries": {"type": "int", "default": 4},
        "api_deadline": {"type": "float", "default": 0.0},
        "api_rate_limit": {"type": "float", "default": 0.0},
        "api_concurrency": {"type": "int", "default": 8},
        "api_proxy": {"type": "str"},
        "api_allow_http": {"type": "bool", "default": False},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path", "no_log": False},
    }
    if platform.default_url:
        spec["api_url"]["default"] = platform.default_url
    spec.update({option.name: option.spec() for option in platform.options})
    for name, option in spec.items():
        option["fallback"] = (nonblank_env, [platform.variable(name)])
    # No fallback here: credentials resolve as a set, in http/connection.py.
    spec.update({item.option: {"type": "str", "no_log": item.secret} for item in platform.credentials})
    return spec


def one_spec(service: type[Service]) -> dict[str, Any]:
    """Argument spec of the singular module."""
    return {**connection_spec(service.platform), **service.resource.spec()}


def _list_spec(resource: Resource) -> dict[str, Any]:
    """The plural module's option that holds the declared list."""
    return {
        "type": "list",
        "elements": "dict",
        "no_log": False,
        "options": resource.spec(top=False),
        **resource.rules(),
    }


class EntryCheck:
    """The argument spec's check of a declared list, for one entry after the other: the same values, the same errors."""

    def __init__(self, resource: Resource) -> None:
        self._name = resource.plural
        self._spec = {self._name: _list_spec(resource)}
        self._plain = PlainEntries(self._spec[self._name])
        self._validator = ArgumentSpecValidator(self._spec)

    def __call__(self, entry: Mapping[str, Any]) -> tuple[dict[str, Any], Sequence[Exception]]:
        """The options of the entry, and what is wrong with them."""
        plain = self._plain.take(entry)
        if plain is not None:
            return plain, ()
        checked = self._validator.validate({self._name: [entry]})
        options: dict[str, Any] = checked.validated_parameters[self._name][0]
        return options, checked.errors

    def secrets(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Every secret that is declared."""
        return secrets_in(self._spec, {self._name: entries})


def many_spec(service: type[Service]) -> dict[str, Any]:
    """Argument spec of the plural module."""
    resource = service.resource
    spec = {
        **connection_spec(service.platform),
        **resource.spec(top=True),
        resource.plural: _list_spec(resource),
        f"{resource.plural}_file": {"type": "path", "no_log": False},
        "purge": {"type": "bool", "default": False},
        "allow_empty": {"type": "bool", "default": False},
        "purge_exclude": {"type": "list", "elements": "str", "default": []},
        "max_deletions": {"type": "str", "default": "10"},
        "return_objects": {"type": "bool", "default": False},
        "return_existing": {"type": "bool", "default": False},
        "approved_plan": {"type": "str"},
    }
    if resource.spends_quota:
        spec["max_registrations"] = {"type": "int", "default": 10}
    spec.update({option.name: option.spec() for option in service.many_options})
    return spec


def info_spec(reader: type[Reader]) -> dict[str, Any]:
    """Argument spec of the info module."""
    return {**connection_spec(reader.platform), **{option.name: option.spec() for option in reader.info_options}}


# --- the three kinds of module ------------------------------------------------------------------------------------


def run_one(service: type[Service]) -> None:
    """The singular module: the plural one with one object."""
    resource = service.resource
    module = _Module(one_spec(service), resource.rules(), resource)
    names = [option.name for option in resource.options]
    entry = {name: module.params[name] for name in [*names, "state"]}
    _Run(module, service).reconcile(service, [entry], Policy(), one=True)


def policy_of(params: Mapping[str, Any]) -> Policy:
    """The guards among the plural module's options."""
    return Policy(
        purge=params["purge"],
        allow_empty=params["allow_empty"],
        exclude=tuple(params["purge_exclude"]),
        max_deletions=params["max_deletions"],
        max_registrations=params.get("max_registrations", -1),
    )


@contextmanager
def _garbage_stays() -> Iterator[None]:
    """Large lists are no garbage, and looking through them again and again takes a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_garbage_stays()
def run_many(service: type[Service]) -> None:
    """The plural module."""
    resource = service.resource
    plural = resource.plural
    module = _Module(
        many_spec(service),
        {"mutually_exclusive": [[plural, f"{plural}_file"]], "required_one_of": [[plural, f"{plural}_file"]]},
        resource,
        long_lists=(plural,),
    )
    policy = policy_of(module.params)
    policy = replace(policy, expression_seconds=module.params["api_deadline"] or policy.expression_seconds)
    _Run(module, service).reconcile(service, None, policy)


@_garbage_stays()
def run_info(reader: type[Reader]) -> None:
    """The info module."""
    _Run(_Module(info_spec(reader), {}, getattr(reader, "resource", None)), reader).info()


class _Run:
    """One run of one module."""

    def __init__(self, module: _Module, service: type[Reader]) -> None:
        self.module = module
        self.service_class = service
        self.params: Mapping[str, Any] = module.params
        self.redactor = module.redactor
        self.connection: Connection | None = None
        self.client: Client | None = None
        self.result: dict[str, Any] = {"changed": False}
        # Names that the task gives openly.
        self.given: set[str] = set()

    def connect(self) -> tuple[Connection, Client]:
        if REQUESTS_ERROR:
            raise _MissingRequests
        connection = resolve(self.service_class.platform, self.params, os.environ, self.redactor)
        self.result["target"] = connection.target()
        self.connection, self.client = connection, connection.platform.connect(connection)
        if KEEPER is not None:
            KEEPER.hand_over(connection, self.client)
        if not connection.settings.validate_certs and connection.settings.api_url.startswith("https:"):
            self.module.warn(
                f"validate_certs is off: nothing shows that {connection.target()['api_url']} is the server that is "
                "meant, and whoever is in between can read the credentials; set ca_path instead"
            )
        return connection, self.client

    def reconcile(
        self, service_class: type[Service], entries: list[dict[str, Any]] | None, policy: Policy, one: bool = False
    ) -> NoReturn:
        """Run a module that writes, and leave."""
        self.leave(lambda: self._reconcile(service_class, entries, policy, one))

    def info(self) -> NoReturn:
        """Run an info module, and leave."""
        self.leave(self._info)

    def leave(self, work: Callable[[], AccessError | None]) -> NoReturn:
        """Do the work: whatever it ends with, the module ends with a result."""
        error: AccessError | None
        try:
            error = work()
        except AccessError as problem:
            error = problem
        except _MissingRequests:
            self.module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_ERROR)
        except Exception as problem:  # noqa: BLE001 - the last net: a traceback may show what a message must not
            error = _internal(problem)
        except BaseException:
            # The task's time is over, and its process goes on.
            if self.client is not None:
                self.client.close()
            raise
        self.finish(error)

    def _reconcile(
        self, service_class: type[Service], entries: list[dict[str, Any]] | None, policy: Policy, one: bool
    ) -> AccessError | None:
        resource = service_class.resource
        connection, client = self.connect()
        service = service_class(client, self.params, connection)
        source, listed = self._entries(resource) if entries is None else (None, entries)
        policy.check(sum(entry["state"] != ABSENT for entry in listed))
        top = {option.name: self.params[option.name] for option in resource.options if option.top}
        declared = [_declare(service, {**top, **entry}, place, source) for place, entry in enumerate(listed)]
        self.given.update(name for entry in declared for name in _names(entry, resource))
        check_unique(declared, resource.noun, source.whole() if source else "")
        snapshot = service.observe(declared)
        policy = replace(policy, expression_seconds=max(0.001, client.deadline.clip(policy.expression_seconds)))
        planned = plan.make_plan(service, declared, snapshot, policy)
        if not one:
            self._compare_with_approved(planned)
        if self.module.check_mode or planned.refused or not planned.changes:
            outcome = apply.only_plan(planned)
        else:
            tries = min(2, client.settings.api_retries)
            client.allow_writes()
            outcome = apply.apply(planned, service, client.settings.api_concurrency, client.pause, tries)
        self._render(service, outcome, one)
        return render.failure(outcome, resource)

    def _compare_with_approved(self, planned: plan.Plan) -> None:
        """Refuse another plan than the one that somebody approved, as the result showed it to them."""
        shown = self._shown({"changes": render.changes(apply.only_plan(planned))})
        self.result["plan_sha256"] = render.plan_sha256(shown["changes"])
        approved = self.params["approved_plan"]
        if approved is not None and planned.changes and approved != self.result["plan_sha256"]:
            planned.refusals.append(
                f"approved_plan: the plan is not the approved one any more: {len(planned.changes)} changes have the "
                f"hash {self.result['plan_sha256']}; look at them in check mode, and have them approved"
            )

    def _shown(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """A result as it leaves the module: without secrets, without what a terminal would obey."""
        masked = Masking(self.redactor, self.module.names | NAMES, self.given).result(result)
        safe: dict[str, Any] = render.safe(masked, json.dumps(masked, default=str))
        return safe

    def _render(self, service: Service, outcome: apply.Outcome, one: bool) -> None:
        resource = service.resource
        self.result.update(
            changed=render.changed(outcome), changes=render.changes(outcome), summary=render.summary(outcome, resource)
        )
        if self.module._diff:
            self.result["diff"] = render.diff(outcome)
        for warning in [*outcome.plan.warnings, *outcome.warnings]:
            self.module.warn(render.printable(self.redactor.text(warning)))
        self.result.update(service.further_results(outcome.plan.declared, outcome.plan.snapshot, one))
        if one:
            found = apply.objects(outcome, service)
            self.result[resource.singular] = found[0][1] if found else None
            return
        self.result["unmanaged"] = outcome.plan.unmanaged
        if self.params["return_existing"]:
            self.result["existing"] = inventory.existing(service, outcome.plan.declared, outcome.snapshot)
        if self.params["return_objects"]:
            found = apply.objects(outcome, service)
            self.result[resource.plural] = [value for _entry, value in found]

    def _entries(self, resource: Resource) -> tuple[Source, list[dict[str, Any]]]:
        """The declared list, and where it stands."""
        name = f"{resource.plural}_file"
        path = self.params[name]
        if path is None:
            return Source(resource.plural), self.params[resource.plural]
        listed = read_list(path, name)
        check = EntryCheck(resource)
        # Before anything can be said about an entry.
        self.redactor.add(*check.secrets(listed))
        source = Source(name, path)
        entries = []
        for place, entry in enumerate(listed):
            options, errors = check(entry)
            if errors:
                raise ValidationError(source.entry(place) + str(errors[0]))
            entries.append(options)
        return source, entries

    def _info(self) -> None:
        connection, client = self.connect()
        reader = self.service_class(client, self.params, connection)
        self.result.update(reader.info(self.params))

    def finish(self, error: AccessError | None) -> NoReturn:
        """Redact and leave."""
        if self.connection is not None and self.client is not None:
            if KEEPER is not None and error is None:
                KEEPER.take(self.connection, self.client)
            else:
                self.client.close()
            self.result["stats"] = self.client.stats.as_dict()
        masking = Masking(self.redactor, self.module.names | NAMES, self.given)
        result = self._shown(self.result)
        if self.client is not None and "changes" not in result and self.client.stats.as_dict()["writes"]:
            result["changed"] = True  # it broke off after writing
        if error is None:
            self.module.exit_json(**result)
        self.module.fail_json(
            msg=render.printable(self.redactor.text(error.message)),
            failure=masking.result(error.failure()),
            **result,
        )


def _declare(service: Service, entry: Mapping[str, Any], place: int, source: Source | None) -> Any:
    if source is None:
        return service.declare(entry)
    try:
        return service.declare(entry, place)
    except ValidationError as problem:
        raise ValidationError(source.entry(place) + problem.message) from None


def _names(entry: Declared, resource: Resource) -> list[str]:
    """What a declared object is called: its key, and the values of the options that identify it."""
    return [entry.key, *(str(entry[option]) for option in resource.identity if entry[option])]


class _MissingRequests(Exception):
    """The requests library is not there."""


def _internal(problem: Exception) -> AccessError:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return AccessError(
        f"internal error ({type(problem).__name__} at {place}); what was written before it stays written. "
        "Next: run it in check mode to see what is left, and report this as a bug"
    )


# --- the module ------------------------------------------------------------------------------------------------------


def secrets_in(spec: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    """Every value of a secret option, at whatever depth, whatever its type."""
    for name, option in spec.items():
        value = options.get(name)
        if option.get("no_log"):
            yield from _texts(value)
        elif "options" in option and value is not None:
            # A list may have 100,000 entries.
            inner = {key: each for key, each in option["options"].items() if each.get("no_log") or "options" in each}
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, Mapping):
                    yield from secrets_in(inner, entry)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


# Options that may hold a password although it does not belong there.
_URLS = ("api_url", "api_proxy")


class _Module(AnsibleModule):  # type: ignore[misc]  # ansible-core ships no types
    """An AnsibleModule that masks by what it knows of its options instead of by searching every string.

    ansible-core's own masking replaces each secret wherever its characters occur (a secret "t" tears every word),
    takes secrets times strings, and prints the secrets of list items in ``invocation`` when an argument is wrong.
    """

    no_log_values: set[Any]

    def __init__(
        self,
        spec: dict[str, Any],
        rules: Mapping[str, Any],
        resource: Resource | None = None,
        long_lists: Sequence[str] = (),
    ) -> None:
        self._spec = spec
        self._long_lists = long_lists
        self.redactor = Redactor()
        # Options and results whose values are names.
        self.names = frozenset(item.name for item in resource.options if not item.prose) if resource else frozenset()
        self._identity = frozenset(resource.identity if resource else ())
        super().__init__(argument_spec=spec, supports_check_mode=True, **rules)
        self._forget_no_log_values()

    def _load_params(self) -> None:
        super()._load_params()
        # What could not be read is missing in the parameters afterwards, and quoted in the message.
        self._given: Mapping[str, Any] = dict(self.params)

    def _forget_no_log_values(self) -> None:
        """Take over what ansible-core would mask; what it does in its own way tears words."""
        self.redactor.add(*map(str, self.no_log_values))
        self.no_log_values = set()

    def _misshapen(self) -> str | None:
        """What is wrong with a list whose entries are none: ansible-core would quote the whole entry."""
        for name in self._long_lists:
            value = self._given.get(name)
            for place, entry in enumerate(value if isinstance(value, list) else ()):
                if not isinstance(entry, (Mapping, str)):
                    return f"{name}: entry {place + 1} is no mapping of options, but a {type(entry).__name__}"
        return None

    def _log_invocation(self) -> None:
        self.log(f"Invoked with {json.dumps(self._masked_args(), default=str)}")

    def _masked_args(self) -> dict[str, Any]:
        masked: dict[str, Any] = {}
        for name, value in self.params.items():
            option = self._spec.get(name, {})
            if name in self._long_lists and value is not None:
                # What is no list is a mistake, and may hold the secrets of an entry all the same.
                masked[name] = f"{len(value)} entries" if isinstance(value, list) else HIDDEN
            elif name in _URLS and isinstance(value, str):
                masked[name] = public_url(value)
            elif option.get("no_log") and value is not None:
                masked[name] = HIDDEN
            elif name in self._spec:
                masked[name] = value
        # A secret may also stand where it does not belong.
        given = {str(masked[name]) for name in self._identity if masked.get(name)}
        return Masking(self.redactor, self._identity | {"api_url"}, given).result(masked)

    def exit_json(self, **kwargs: Any) -> NoReturn:
        """Leave with success."""
        super().exit_json(**kwargs, invocation={"module_args": self._masked_args()})
        raise AssertionError("unreachable")

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Leave with a failure; that of a wrong argument has the same shape as every other."""
        self._forget_no_log_values()
        if "failure" not in kwargs:
            kwargs["failure"] = ValidationError("").failure()
            # Whatever is wrong, not every secret option was looked at before it was found.
            self.redactor.add(*secrets_in(self._spec, self._given))
            msg = self.redactor.text(self._misshapen() or msg)
        super().fail_json(msg=msg, **kwargs, invocation={"module_args": self._masked_args()})
        raise AssertionError("unreachable")
