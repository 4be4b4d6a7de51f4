# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: the reports of slices as one report. Writes in check mode too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ansible.utils.display import Display
from ansible.utils.path import unfrackpath

from ansible_collections.dataops.access.plugins.plugin_utils import play
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    assembly,
    evidence,
    folder,
    markdown,
    merge,
    report,
    text,
    waivers,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import left_out
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import REPORT
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import OnceAction
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import declaration, sending
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import Sink


class ActionModule(OnceAction):
    """Runs once for all hosts of the play, and asks no platform."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "reports": {"type": "list", "elements": "str", "required": True},
        "report_dir": {"type": "path", "required": True},
        "expected": {"type": "list", "elements": "str", "default": []},
        "fail_on": {"type": "raw", "default": list(report.FAIL_ON_DEFAULT)},
        "waivers": {"type": "raw"},
        "previous_report": {"type": "str"},
        "sinks": {"type": "raw"},
        "output": {"type": "str", "choices": ["text", "markdown"], "default": "text"},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read the reports, merge them, print the summary, write the files, set the stats."""
        return _merged(options, self.run_facts(task_vars))


def _merged(options: Mapping[str, Any], run: Mapping[str, Any]) -> dict[str, Any]:
    fail_on, sinks = report.check_fail_on(options["fail_on"]), declaration.read(options["sinks"])
    given = options["waivers"]
    waived = None if given is None else waivers.check(given, assembly.day(run))
    folder.prepare(options["report_dir"])
    previous = folder.previous_report(options["report_dir"], options["previous_report"])
    reports = evidence.all_of(options["reports"], evidence.REPORT, merge.OPTION, lambda place: _text(place, sinks))
    partial = left_out(merge.scope_of(reports, options["expected"]))
    before, warnings = folder.with_earlier(options["report_dir"], previous, merge.all_tenants(reports), partial)
    for warning in warnings:
        Display().warning(warning)
    record = merge.merged(run, reports, waived, before, options["expected"])
    written = folder.write_whole(options["report_dir"], record)
    short = markdown.render(record, markdown.SHORT)
    play.display(short.splitlines() if options["output"] == "markdown" else text.audit_lines(record))
    play.display(written.announced(record["sha256"]))
    sent = sending.send(sinks, written, markdown.title(record), short)
    failing = [
        f"{tenant['tenant']}: {reason}" for tenant in record["tenants"] for reason in report.failing(tenant, fail_on)
    ]
    missing = record["scope"]["missing"]
    if missing and report.ERROR in fail_on:
        failing.append(f"these tenants should have been asked and were not: {', '.join(missing)}")
    return {
        "verdict": record["verdict"],
        "scope": record["scope"],
        "failing": failing + report.failing_run(record, fail_on) + sent.wrong,
        "paths": written.paths,
        "stat": report.run_stat(record),
        "ansible_stats": {
            "data": report.stats(record, sent.place and sent.place(REPORT)),
            "per_host": False,
            "aggregate": False,
        },
    }


def _text(place: str, sinks: Sequence[Sink]) -> str:
    """The text of one report, from a file or from where a slice has put it."""
    if sending.is_url(place):
        return sending.fetch(sinks, place)
    # As an option of the type path.
    return evidence.text_of(Path(unfrackpath(place, follow=False)))
