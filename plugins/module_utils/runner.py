# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ansible side: from the arguments of a task to its result, with one try/except and one way out.

A module file calls :func:`run_one`, :func:`run_many` or :func:`run_info` with its service and nothing else.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any, NoReturn

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.dataops.access.plugins.module_utils.core import apply, inventory, plan, render, unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import Source, read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.masking import NAMES, Masking
from ansible_collections.dataops.access.plugins.module_utils.core.policy import Policy
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT, Declared, Resource
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader, Service, check_unique
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, resolve
from ansible_collections.dataops.access.plugins.module_utils.http.kept import Keeper
from ansible_collections.dataops.access.plugins.module_utils.http.session import REQUESTS_ERROR
from ansible_collections.dataops.access.plugins.module_utils.masked_module import MaskedModule
from ansible_collections.dataops.access.plugins.module_utils.specs import (
    EntryCheck,
    info_spec,
    many_spec,
    one_spec,
    policy_of,
)

# What keeps connections open from one run to the next, where runs follow each other in one process.
KEEPER: Keeper | None = None


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
def run_one(service: type[Service]) -> None:
    """The singular module: the plural one with one object."""
    resource = service.resource
    module = MaskedModule(one_spec(service), resource.rules(), resource)
    names = [option.name for option in resource.options]
    entry = {name: module.params[name] for name in [*names, "state"]}
    _Run(module, service).reconcile(service, [entry], Policy(), one=True)


@_garbage_stays()
def run_many(service: type[Service]) -> None:
    """The plural module."""
    resource = service.resource
    plural = resource.plural
    module = MaskedModule(
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
    _Run(MaskedModule(info_spec(reader), {}, getattr(reader, "resource", None)), reader).info()


class _Run:
    """One run of one module."""

    def __init__(self, module: MaskedModule, service: type[Reader]) -> None:
        self.module = module
        self.service_class = service
        self.params: Mapping[str, Any] = module.params
        self.redactor = module.redactor
        self.connection: Connection | None = None
        self.client: Client | None = None
        self.result: dict[str, Any] = {"changed": False}
        # Names that the task gives openly.
        self.given: set[str] = set()
        # What identifies the one object that this run is for.
        self.item: tuple[Any, ...] | None = None

    def connect(self) -> tuple[Connection, Client]:
        if REQUESTS_ERROR:
            raise _MissingRequests
        connection = resolve(self.service_class.platform, self.params, os.environ, self.redactor)
        self.result["target"] = connection.target()
        self.connection, self.client = connection, connection.platform.connect(connection)
        if KEEPER is not None:
            KEEPER.hand_over(connection, self.client, self.item)
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
        if one:
            self.item = tuple(self.params[name] for name in resource.identity)
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
        as_json = json.dumps(result, default=str)
        masked = Masking(self.redactor, self.module.names | NAMES, self.given).result(result, as_json)
        safe: dict[str, Any] = render.safe(masked, as_json)
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
        check = EntryCheck(resource, file=True)
        # Before anything can be said about an entry.
        self.redactor.add(*check.secrets(listed))
        source = Source(name, path)
        entries = []
        for place, entry in enumerate(listed):
            options, errors = check(entry)
            if errors:
                raise ValidationError(source.entry(place) + unknown_names.in_message(str(errors[0])))
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
                KEEPER.take(self.connection, self.client, self.item)
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
