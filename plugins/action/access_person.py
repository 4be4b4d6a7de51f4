# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: one person on all tenants of a play, from what is asked for to the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils import play, secret_paths
from ansible_collections.dataops.access.plugins.plugin_utils.audit import folder
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import OnceAction
from ansible_collections.dataops.access.plugins.plugin_utils.people import granting, outcome, receipt, subject
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import PLATFORMS
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import sending

# Facts of the hosts that the playbooks keep: what the role found before, what it did, what it found afterwards.
FOUND, DONE, LEFT, OWNED = "access_person_found", "access_person_done", "access_person_left", "access_person_assets"
_OWNED = ("workflows", "schedules", "collections")


class ActionModule(OnceAction):
    """Runs once for all hosts of the play, those included whose role failed."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "operation": {"type": "str", "choices": [receipt.ONBOARD, receipt.OFFBOARD], "required": True},
        "step": {"type": "str", "choices": ["check", "plan", "receipt"], "required": True},
        "person": {"type": "str", "required": True},
        "confirm": {"type": "str"},
        "name": {"type": "str"},
        "profiles": {"type": "list", "elements": "str", "default": []},
        "end_date": {"type": "str"},
        "allowed_profiles": {"type": "list", "elements": "str"},
        "report_dir": {"type": "str"},
        "expected": {"type": "list", "elements": "str", "default": []},
        "planned": {"type": "dict", "default": {}},
        "sinks": {"type": "raw"},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Check what is asked for, plan it, or say what became of it."""
        run = _Run(options, task_vars, self.run_facts(task_vars))
        steps = {"check": run.check, "plan": run.plan, "receipt": run.conclude}
        return steps[options["step"]]()


class _Run:
    def __init__(self, options: Mapping[str, Any], task_vars: Mapping[str, Any], run_facts: Mapping[str, Any]) -> None:
        self._options = options
        self._task_vars = task_vars
        self._run_facts = run_facts
        self._joins = options["operation"] == receipt.ONBOARD
        email = str(options["person"]).strip()
        if not email:
            raise ValidationError("access_person is empty; give the e-mail of one person")
        self._email = folded(checks.email("access_person", email))
        again = options["confirm"]
        if again is not None and folded(again.strip()) != self._email:
            raise ValidationError(
                f"access_person ({email}) and access_person_confirm ({again.strip() or 'blank'}) differ, so that "
                "nobody can be sure who is meant. No platform was asked. Next: give the same e-mail twice"
            )
        self._names = play.asked(task_vars)
        self._variables = {host: play.HostVariables.of(task_vars, host) for host in self._names}
        self._hosts = subject.Hosts(self._variables)

    def check(self) -> dict[str, Any]:
        """What can be said before any platform is asked."""
        if self._joins:
            joining = self._hosts.joining(self._asked())
            saved = []
            for host in self._names:
                granted = self._hosts.granted(joining, host)
                if play.is_local(self._variables[host]):
                    saved += [each for name in granted for each in secret_paths.saved(host, name, granted[name])]
            secret_paths.check_hosts(saved)
            return {}
        subject.check_leaving(self._email, self._hosts)
        declared = self._hosts.find(self._email)
        accounts = declared.person.accounts if declared else {}
        return {"accounts": {platform: accounts.get(platform, self._email) for platform in PLATFORMS}}

    def plan(self) -> dict[str, Any]:
        """What each host's role is to be told, by its variables."""
        if self._joins:
            who = self._hosts.joining(self._asked())
            return {"variables": {host: self._hosts.granted(who, host) for host in self._names}}
        who = self._who_leaves()
        return {
            "variables": {
                host: outcome.entries(self._hosts.platform(host), self._outcomes(who, host, FOUND))
                for host in self._names
            }
        }

    def conclude(self) -> dict[str, Any]:
        """Say what became of it, write it down, and what has to be declared."""
        who = self._hosts.joining(self._asked()) if self._joins else self._who_leaves()
        rows = [self._row(who, host) for host in self._names]
        left_out = sorted(set(filter(self._is_tenant, self._options["expected"])) - set(self._names))
        rows += [receipt.Row(host, self._platform(host), (), asked=False) for host in left_out]
        patch = self._hosts.joining_patch(who) if self._joins else self._hosts.leaving_patch(who.person)
        record = receipt.receipt(self._options["operation"], who.person, self._run_facts, rows, patch)
        if self._run_facts["check_mode"]:
            play.display(["Nothing was written. As it would be:", *receipt.lines(record)])
            return {"failing": {}, "receipt": record}
        play.display(receipt.lines(record))
        paths, not_sent = self._keep(record)
        stats = {
            "access_person": {
                "person": record["person"],
                "operation": record["action"],
                "complete": record["complete"],
                "sha256": record["sha256"],
            },
            **({"access_person_patch": patch} if patch else {}),
        }
        return {
            "failing": self._failing(record, patch, not_sent),
            "receipt": record,
            "paths": paths,
            "ansible_stats": {"data": stats, "per_host": False, "aggregate": False},
        }

    def _keep(self, record: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The receipt's files, and why it could not be sent."""
        if not self._options["report_dir"]:
            return [], []
        texts = {"json": receipt.to_json(record), "md": receipt.to_markdown(record)}
        named = {receipt.file_name(record["person"], suffix): text for suffix, text in texts.items()}
        written = folder.write_receipt(self._options["report_dir"], record, named)
        play.display([f"Receipt: {written.paths[0]} (SHA-256 {record['sha256']})"])
        title = (
            f"Access {record['action']} of {record['person']}: {'complete' if record['complete'] else 'NOT complete'}"
        )
        sent = sending.send_declared(self._options["sinks"], written, title, texts["md"])
        return written.paths, sent.wrong

    def _failing(self, record: Mapping[str, Any], patch: str | None, more: list[str]) -> dict[str, list[str]]:
        """Why each host ends as failed; what concerns none of the play's ends the one that this runs on."""
        own = str(self._task_vars["inventory_hostname"])
        found: dict[str, list[str]] = {own: list(more)} if more else {}
        for row in record["tenants"]:
            if row["status"] in outcome.UNDONE:
                why = "; ".join(item["detail"] for item in row["objects"] if item["status"] in outcome.UNDONE)
                host = row["tenant"] if row["tenant"] in self._names else own
                found.setdefault(host, []).append(
                    f"{record['person']} is open on {row['tenant']}: {why or 'it was not asked'}. Next: run this again"
                )
        if patch:
            verb = "take away" if self._joins else "give back"
            found.setdefault(own, []).append(
                f"it is done, but the next apply would {verb} what was changed. Next: commit this\n{patch}"
            )
        return found

    # --- one host -------------------------------------------------------------------------------------------------

    def _row(self, who: subject.Subject, host: str) -> receipt.Row:
        platform = self._hosts.platform(host)
        check_mode = bool(self._run_facts["check_mode"])
        done = self._fact(host, DONE)
        results, error = done.get("results") or [], done.get("error") or None
        if self._joins:
            told, get = self._options["planned"].get(host) or {}, self._hosts.variables[host].get
            return receipt.Row(host, platform, granting.granted(platform, told, results, error, get, check_mode))
        outcomes = self._outcomes(who, host, FOUND)
        # Nothing was done that a second reading could prove.
        if not check_mode:
            outcomes = outcome.proved(outcomes, self._outcomes(who, host, LEFT), _errors(results, error))
        assets = self._fact(host, OWNED).get("assets") or {}
        owns = {sort: [item["name"] for item in assets.get(sort) or ()] for sort in _OWNED if assets.get(sort)}
        return receipt.Row(host, platform, outcomes, owns)

    def _outcomes(self, who: subject.Subject, host: str, fact: str) -> list[outcome.Outcome]:
        read = self._fact(host, fact)
        terms = self._hosts.terms[host]
        leaving = outcome.Leaving(
            self._hosts.declared_on(host, who.person),
            keep_disabled=self._phase(who, host) != "gone" and terms.retention_days > 0,
            overflow=self._hosts.variables[host].get("alteryx_overflow_subscription") or None,
        )
        owned = self._fact(host, OWNED)
        is_member = owned["assets"] is not None if "assets" in owned else None
        error = read.get("error") or owned.get("msg") or None
        return outcome.leave(leaving, self._hosts.platform(host), read.get("results") or [], error, is_member)

    def _phase(self, who: subject.Subject, host: str) -> str:
        terms = self._hosts.terms[host]
        return who.person.phase(terms.day, terms.retention_days)

    def _who_leaves(self) -> subject.Subject:
        found = (
            person
            for host in self._names
            for part in self._fact(host, FOUND).get("results") or ()
            for item in part["result"].get("existing") or ()
            for person in item["people"]
        )
        return subject.leaving(self._email, self._hosts, found)

    def _asked(self) -> subject.Asked:
        given = self._options
        allowed = given["allowed_profiles"]
        return subject.Asked(
            self._email,
            given["name"] or None,
            tuple(given["profiles"]),
            given["end_date"] or None,
            None if allowed is None else tuple(allowed),
        )

    def _fact(self, host: str, name: str) -> Mapping[str, Any]:
        return play.variable(self._task_vars, host, name) or {}

    def _is_tenant(self, host: str) -> bool:
        return host in self._task_vars["hostvars"] and bool(self._platform(host))

    def _platform(self, host: str) -> str:
        return str(play.variable(self._task_vars, host, "access_platform") or "")


def _errors(results: list[Mapping[str, Any]], error: str | None) -> dict[str, str]:
    """What the role said, by kind and key: of several objects of one key, all that it said of any."""
    found: dict[str, dict[str, None]] = {}
    for part in results:
        for change in part["result"].get("changes") or ():
            why = (change.get("error") or {}).get("msg") or part["result"].get("msg") or error
            if change["status"] != "applied" and why:
                found.setdefault(f"{part['kind']}/{change['key']}", {})[str(why)] = None
    return {key: "; ".join(told) for key, told in found.items()}
