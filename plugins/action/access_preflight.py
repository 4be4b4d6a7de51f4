# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: what can be known to be wrong with a play is said before any platform is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ansible.errors import AnsibleError

from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import (
    declared_lists,
    platforms,
    play,
    run_context,
    same_tenant,
    secret_paths,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit import folder, report, waivers
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import OnceAction
from ansible_collections.dataops.access.plugins.plugin_utils.in_process import module_run
from ansible_collections.dataops.access.plugins.plugin_utils.people import variables
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import declaration

# Every playbook begins with this plugin, before the processes of its tasks are made: they need not import this again.
_IN_EVERY_PROCESS = (module_run,)


_ONE_LIST = "give one list for all, or run the play for the hosts of each list by itself"


class ActionModule(OnceAction):
    """Runs once for all hosts of the play."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "connections": {"type": "bool", "default": True},
        "tenants_file": {"type": "str"},
        "report_dir": {"type": "str"},
        "mode": {"type": "str", "choices": ["audit", "apply"], "default": "audit"},
        "fail_on": {"type": "raw"},
        "waivers": {"type": "raw"},
        "previous_report": {"type": "str"},
        "rules": {"type": "bool", "default": False},
        "timezone": {"type": "str", "default": "UTC"},
        "sinks": {"type": "raw"},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Check the hosts' platforms, where their credentials come from, and the report's options."""
        self._check(options, task_vars)
        return {}

    def _check(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> None:
        hosts = play.asked(task_vars)
        _check_platforms(hosts, task_vars)
        saved = [each for host in hosts for each in _checked_people(host, task_vars)]
        self._check_places(task_vars)
        self._check_secret_files(hosts, task_vars)
        secret_paths.check_hosts(saved)
        if options["fail_on"] is not None:
            report.check_fail_on(options["fail_on"])
        waivers.check(options["waivers"], play.today())
        _check_sinks(options, hosts, task_vars)
        _check_folder(options)
        if options["rules"]:
            run_context.check_rules(task_vars)
            run_context.gather(task_vars, options["timezone"], options["report_dir"], None)
        if not options["connections"]:
            return
        file = platforms.tenants_file(options["tenants_file"])
        known: dict[str, Any] | None = None
        if file:
            known = tenants.read_tenants(file)
            missing = sorted(set(hosts) - set(known))
            if missing:
                raise ValidationError(
                    f"access_tenants_file: {file} has no entry for {', '.join(missing)}; add them, since nothing is "
                    "taken from the environment where this file is used"
                )
        else:
            tenants.check_environment(_tenant(host, task_vars) for host in hosts)
        self._check_same_tenant(options["mode"], hosts, task_vars, known)

    def _check_same_tenant(
        self, mode: str, hosts: list[str], task_vars: Mapping[str, Any], known: Mapping[str, Any] | None
    ) -> None:
        clashes = same_tenant.clashes((host, place) for host in hosts for place in _places(host, task_vars, known))
        if not clashes:
            return
        text = (
            f"{'; '.join(clashes)}. A host is one tenant: what one declares, another would pay for again, or remove. "
            "Declare it all on one host, and take the others out of the inventory or out of access_hosts"
        )
        if mode == "apply":
            raise ValidationError(text)
        # Nothing is written, and each report is right by itself.
        self._display.warning(text)

    def _check_places(self, task_vars: Mapping[str, Any]) -> None:
        """What is granted on a tenant that there is not would be taken away by a purge."""
        own = play.HostVariables.of(task_vars, str(task_vars["inventory_hostname"]))
        everywhere = {
            str(host): str(play.HostVariables.of(task_vars, str(host)).get("access_platform") or "")
            for host in task_vars["hostvars"]
        }
        wrong = variables.misplaced(own.get, everywhere)
        # A slice of a job knows its own hosts alone.
        if wrong and play.run_facts(task_vars, False)["job_id"] == "local":
            raise ValidationError(f"access_people, access_profiles: {'; '.join(wrong)}")
        for text in wrong:
            self._display.warning(text)

    def _check_secret_files(self, hosts: list[str], task_vars: Mapping[str, Any]) -> None:
        for host in hosts:
            variables = task_vars["hostvars"].raw_get(host)
            templar = self._templar.copy_with_new_env(available_variables=variables)

            def filled(value: Any, templar: Any = templar) -> Any:
                try:
                    return templar.template(value)
                except AnsibleError:
                    return None  # it fails where it is used, and that says why

            platform = str(play.variable(task_vars, host, "access_platform"))
            try:
                secret_paths.check(variables, platform, filled, _of_files(task_vars, host, platform))
            except ValidationError as problem:
                raise ValidationError(f"host {host}: {problem.message}") from None


def _of_files(task_vars: Mapping[str, Any], host: str, platform: str) -> dict[str, Any]:
    """The lists that a host declares in files, as far as they can be read here; the role says what is wrong."""
    own = play.HostVariables.of(task_vars, host)
    found = {}
    for variable in platforms.variables(platform).values():
        try:
            if own.file_of(variable) is not None:
                found[variable] = own.get(variable)
        except (AnsibleError, declared_lists.Unread):
            continue
    return found


def _check_sinks(options: Mapping[str, Any], hosts: list[str], task_vars: Mapping[str, Any]) -> None:
    """Reports of all tenants go to the same places, or one tenant's evidence would be kept by another's."""
    if not declaration.read(options["sinks"]):
        given = [host for host in hosts if not tenants.is_blank(play.variable(task_vars, host, declaration.VARIABLE))]
        if given:
            raise ValidationError(f"{declaration.VARIABLE}: {given[0]} has other sinks than other hosts; {_ONE_LIST}")
        return
    if not options["report_dir"]:
        raise ValidationError(f"{declaration.VARIABLE} needs access_report_dir: what is sent is written there first")
    for host in hosts:
        if play.variable(task_vars, host, declaration.VARIABLE) != options["sinks"]:
            raise ValidationError(f"{declaration.VARIABLE}: {host} has other sinks than other hosts; {_ONE_LIST}")


def _check_folder(options: Mapping[str, Any]) -> None:
    """Whether the run can be kept, and follows from the one before."""
    if options["report_dir"]:
        folder.prepare(options["report_dir"])
    if options["mode"] == "apply":
        folder.previous_changes(options["report_dir"])
    else:
        folder.previous_report(options["report_dir"], options["previous_report"])


def _check_platforms(hosts: list[str], task_vars: Mapping[str, Any]) -> None:
    without = [host for host in hosts if tenants.is_blank(play.variable(task_vars, host, "access_platform"))]
    if without:
        raise ValidationError(
            f"access_platform is not set for {', '.join(without)}: each host of this play is one tenant of one "
            "platform. Set it, or let access_hosts name only the hosts that are tenants"
        )
    for host in hosts:
        try:
            platforms.named(play.variable(task_vars, host, "access_platform"))
        except ValidationError as problem:
            raise ValidationError(f"host {host}: {problem.message}") from None


def _checked_people(host: str, task_vars: Mapping[str, Any]) -> Iterator[secret_paths.Saved]:
    """Check what the people of a host are granted; the files on this machine that its objects' secrets are saved in."""
    own = play.HostVariables.of(task_vars, host)
    platform = str(own.get("access_platform"))

    def locate(word: str) -> str:
        # People are declared for all hosts.
        found = play.declarations(task_vars, host, "all").find([word])
        return f" ({found['file']}, line {found['line']})" if found else ""

    try:
        granted = variables.check(own.get, platform, host, locate)
    except ValidationError as problem:
        raise ValidationError(f"host {host}: {problem.message}") from None
    if not play.is_local(own):
        return
    for variable in platforms.variables(platform).values():
        try:
            entries = granted[variable] if variable in granted else own.entries(variable, secret_paths.READ)
        except (AnsibleError, declared_lists.Unread):
            continue  # the role says what is wrong
        yield from secret_paths.saved(host, variable, entries)


def _places(host: str, task_vars: Mapping[str, Any], known: Mapping[str, Any] | None) -> Iterator[same_tenant.Place]:
    own = play.HostVariables.of(task_vars, host)

    def variable(name: str) -> Any:
        try:
            return own.get(name)
        except AnsibleError:
            return None  # it fails where it is used, and that says why

    entry = None if known is None else known[host]
    if entry is None or isinstance(entry, Mapping):
        yield from same_tenant.places(platforms.named(own.get("access_platform")), variable, entry, os.environ)


def _tenant(host: str, task_vars: Mapping[str, Any]) -> tenants.Tenant:
    name = str(play.variable(task_vars, host, "access_platform"))
    platform = platforms.named(name)
    url = _value(task_vars, host, f"{name}_api_url") or os.environ.get(platform.variable("api_url"), "").strip()
    own = any(_value(task_vars, host, f"{name}_{credential.option}") for credential in platform.credentials)
    return tenants.Tenant(host, name, url or platform.default_url or "", own)


def _value(task_vars: Mapping[str, Any], host: str, name: str) -> str:
    """A host's connection variable; one that cannot be templated here is a value, and fails where it is used."""
    try:
        value = play.variable(task_vars, host, name)
    except AnsibleError:
        return name
    return "" if tenants.is_blank(value) else str(value)
