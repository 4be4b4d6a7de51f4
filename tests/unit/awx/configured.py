# SPDX-License-Identifier: GPL-3.0-or-later
"""The files under awx/ as Ansible reads them: variables filled in, what is !unsafe left to the controller."""

from __future__ import annotations

import json
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var

from unit.awx.schemas import FILES

AWX = Path(__file__).resolve().parents[3] / "awx"
# Before ansible-core 2.19, every text may be a template, and what a template makes of a number is a text.
_TRUSTED = {name: True for name in signature(DataLoader.load_from_file).parameters if name == "trusted_as_template"}
# What the modules of awx.awx make numbers of.
_NUMBERS = ("forks", "job_slice_count", "timeout")

GIVEN: dict[str, Any] = {
    "access_awx_organization": "Identity",
    "access_awx_prefix": "Blue ",
    "access_awx_project_url": "https://git.example.com/access.git",
    "access_profiles": {"finance": {}, "reviews": {}},
}
# Everything that can be given.
ALL_GIVEN: dict[str, Any] = {
    **GIVEN,
    "access_awx_project_credential": "Git",
    "access_awx_execution_environment_image": "registry.example.com/access:1",
    "access_awx_execution_environment_credential": "Registry",
    "access_awx_credentials": ["Tenants"],
    "access_awx_sink_credential": "Sinks",
    "access_awx_controller_credential": "Controller",
    "access_awx_slices": 4,
    "access_awx_report_sinks": [{"type": "http_put", "url": "https://reports.example.com/{run}/{tenant}/{file}"}],
    "access_awx_audit_vars": {"access_fail_on": ["drift"]},
    "access_awx_merge_vars": {"access_reports": ["/reports/1.json"]},
    "access_awx_notifications": ["email", "mattermost", "slack", "teams", "webhook"],
    "access_awx_email": {
        "host": "mail.example.com",
        "sender": "awx@example.com",
        "recipients": ["team@example.com"],
        "password": "canary-of-mail",
    },
    "access_awx_mattermost": {"url": "https://chat.example.com/hooks/1"},
    "access_awx_slack": {"token": "canary-of-slack", "channels": ["#access"]},
    "access_awx_teams": {"url": "https://teams.example.com/1"},
    "access_awx_webhook": {"url": "https://hook.example.com", "username": "awx", "password": "canary-of-hook"},
}


def files() -> dict[str, Path]:
    """The files, by the variable of infra.aap_configuration that each holds."""
    return {path.stem: path for path in sorted(AWX.glob("controller_*.yml"))}


@cache
def _written() -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for path in (AWX / "vars.yml", *files().values()):
        variables |= DataLoader().load_from_file(str(path), **_TRUSTED)
    return variables


def one(name: str, given: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What one file creates."""
    values = GIVEN if given is None else given
    # What is given is no template: so is every text since ansible-core 2.19 that no file has brought.
    templar = Templar(DataLoader(), _written() | (values if _TRUSTED else wrap_var(values)))
    # Plain Python, without the tags of Ansible.
    found: list[dict[str, Any]] = json.loads(json.dumps(templar.template(_written()[name])))
    if not _TRUSTED:
        for each in found:
            each.update({option: int(each[option]) for option in _NUMBERS if option in each})
    return found


def configured(given: dict[str, Any] | None = None) -> dict[str, list[dict[str, Any]]]:
    """What all files create, by the variable that holds it."""
    return {name: one(name, given) for name in FILES}


def credential_types() -> dict[str, dict[str, Any]]:
    """The credential types: of each platform by its name, and ``tenants`` and ``sinks``."""
    found = {}
    for each in one("controller_credential_types"):
        variable = next(iter(each["injectors"]["env"]))
        others = {"ACCESS_TENANTS_FILE": "tenants", "ACCESS_STORE_TOKEN": "sinks"}
        found[others.get(variable, variable.split("_")[0].lower())] = each
    return found
