# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: the report of all tenants, once for the play. Writes in check mode too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.grants import grant_lines
from ansible_collections.dataops.access.plugins.plugin_utils import play, run_context
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    assembly,
    changes,
    folder,
    locations,
    markdown,
    report,
    rules,
    text,
    waivers,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import left_out
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import REPORT
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import OnceAction
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import sending

# The variables of a tenant, and those of one that has tokens.
_TENANT = ("access_platform",)
_TOKENS = (*_TENANT, "devo_account")


class ActionModule(OnceAction):
    """Runs once for all hosts of the play, those included whose role failed."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "tenants": {"type": "str", "required": True},
        "mode": {"type": "str", "choices": ["audit", "apply", "validate"], "default": "audit"},
        "operation": {"type": "str", "default": changes.APPLY},
        "expected": {"type": "list", "elements": "str", "default": []},
        "report_dir": {"type": "str"},
        "fail_on": {"type": "raw", "default": list(report.FAIL_ON_DEFAULT)},
        "waivers": {"type": "raw"},
        "previous_report": {"type": "str"},
        "rules": {"type": "raw"},
        "timezone": {"type": "str", "default": "UTC"},
        "sinks": {"type": "raw"},
        "output": {"type": "str", "choices": ["text", "markdown"], "default": "text"},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Collect what the hosts registered, print the summary, write the files, set the stat."""
        if options["mode"] == "validate":
            play.display(grant_lines(_declared(options["tenants"], task_vars)))
            return {}
        records = _records(options["tenants"], task_vars)
        tell = self._apply if options["mode"] == "apply" else self._audit
        return tell(options, records, task_vars)

    def _apply(
        self, options: Mapping[str, Any], records: list[dict[str, Any]], task_vars: Mapping[str, Any]
    ) -> dict[str, Any]:
        check_mode = self.is_check_run(task_vars)
        failing = {record["tenant"]: report.errors(record) for record in records}
        lines = text.apply_lines(records, check_mode)
        play.display(lines)
        # What was only planned is no evidence of anything.
        if check_mode or not options["report_dir"]:
            return {"failing": failing}
        run, scope = self.run_facts(task_vars), _scope(options, records, task_vars)
        try:
            # A playbook of the user's own may have no access_preflight, which makes the folder too.
            folder.prepare(options["report_dir"])
            previous = folder.previous_changes(options["report_dir"])
            record = changes.changes_record(options["operation"], run, records, scope, previous)
            written = folder.write_changes(options["report_dir"], record)
        except AccessError as problem:
            raise AccessError(
                f"What was done is printed above, and could not be kept: {problem.message}", kind=problem.kind
            ) from None
        play.display([f"Record: {written.paths[0]} (SHA-256 {record['sha256']})"])
        stat = changes.stat(record)
        title = f"Access {options['operation']}: {lines[0]}"
        sent = sending.send_declared(options["sinks"], written, title, markdown.as_is(lines))
        failing.setdefault(str(task_vars["inventory_hostname"]), []).extend(sent.wrong)
        return {"failing": failing, "paths": written.paths, "stat": stat, **_stats({"access_changes": stat})}

    def _audit(
        self, options: Mapping[str, Any], records: list[dict[str, Any]], task_vars: Mapping[str, Any]
    ) -> dict[str, Any]:
        fail_on = report.check_fail_on(options["fail_on"])
        waived = waivers.check(options["waivers"], play.today())
        if options["report_dir"]:
            folder.prepare(options["report_dir"])
        previous = folder.previous_report(options["report_dir"], options["previous_report"])
        run = self.run_facts(task_vars)
        scope = _scope(options, records, task_vars)
        chosen = rules.settings(options["rules"])
        before, warnings = folder.with_earlier(options["report_dir"], previous, records, left_out(scope))
        known = run_context.gather(task_vars, options["timezone"], options["report_dir"], before)
        for warning in (*warnings, *known.warnings):
            self._display.warning(warning)
        contexts = known.contexts(records, chosen)
        judged = [report.judged(each, chosen, contexts[each["tenant"]]) for each in records]
        located = [locations.located(each, play.declarations(task_vars, each["tenant"])) for each in judged]
        record = assembly.whole_report(run, located, scope, waived, before, chosen)
        written = folder.write_whole(options["report_dir"], record) if options["report_dir"] else None
        short = markdown.render(record, markdown.SHORT)
        lines = short.splitlines() if options["output"] == "markdown" else text.audit_lines(record)
        play.display(lines)
        failing = {tenant["tenant"]: report.failing(tenant, fail_on) for tenant in record["tenants"]}
        # What is wrong with the run as a whole ends the host as failed that this runs on.
        of_run = failing.setdefault(str(task_vars["inventory_hostname"]), [])
        of_run.extend(report.failing_run(record, fail_on))
        place = None
        if written is not None:
            play.display(written.announced(record["sha256"]))
            sent = sending.send_declared(options["sinks"], written, markdown.title(record), short)
            of_run.extend(sent.wrong)
            place = sent.place and sent.place(REPORT)
        return {
            "verdict": record["verdict"],
            "scope": scope,
            "failing": failing,
            "paths": written.paths if written is not None else [],
            "stat": report.run_stat(record),
            **_stats(report.stats(record, place)),
        }


def _stats(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"ansible_stats": {"data": dict(data), "per_host": False, "aggregate": False}}


def _scope(options: Mapping[str, Any], records: list[dict[str, Any]], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    limit = task_vars.get("ansible_limit")
    reported = [str(record["tenant"]) for record in records]
    # Whoever has no tokens was not left out where tokens are renewed.
    needs = _TOKENS if options["operation"] == changes.ROTATE else _TENANT
    return report.scope(
        (host for host in options["expected"] if _has(task_vars, host, needs)),
        # Other operations than these concern some tenants of the play alone.
        play.asked(task_vars) if options["mode"] == "audit" or options["operation"] == changes.APPLY else reported,
        reported,
        None if limit is None else str(limit),
    )


def _records(name: str, task_vars: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the hosts that are still in the play registered under ``name``."""
    found = []
    for host in sorted(str(host) for host in task_vars["ansible_play_hosts"]):
        registered = play.variable(task_vars, host, name) or {}
        if registered.get("record"):
            found.append(registered["record"])
    return found


def _declared(name: str, task_vars: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the hosts that are still in the play declare, as access_declared said it."""
    found = []
    for host in sorted(str(host) for host in task_vars["ansible_play_hosts"]):
        told = play.variable(task_vars, host, name) or {}
        platform = play.variable(task_vars, host, "access_platform")
        errors = list(told.get("errors") or ())
        found.append({"tenant": host, "platform": platform, "errors": errors, "grants": told.get("grants") or []})
    return found


def _has(task_vars: Mapping[str, Any], host: str, variables: Iterable[str]) -> bool:
    """Whether a host has these variables; of one that the run does not know that is assumed."""
    known = host in task_vars["hostvars"]
    return not known or all(play.variable(task_vars, host, name) for name in variables)
