# SPDX-License-Identifier: GPL-3.0-or-later
"""What a controller keeps, in memory: objects by collection and id, what is associated with them, their surveys.

What is to be kept is checked as AWX would: put back into the form of the files under awx/, it has to fit their schemas.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from unit.awx import engine
from unit.awx.schemas import FILES, NODE, WORKFLOW, Schema

Object = dict[str, Any]

# The collections that the files fill, by the file's variable.
COLLECTIONS = {
    "controller_labels": "labels",
    "controller_credential_types": "credential_types",
    "controller_execution_environments": "execution_environments",
    "controller_notifications": "notification_templates",
    "controller_projects": "projects",
    "controller_inventories": "inventories",
    "controller_inventory_sources": "inventory_sources",
    "controller_templates": "job_templates",
    "controller_workflows": "workflow_job_templates",
    "controller_schedules": "schedules",
}
NODES, APPROVALS = "workflow_job_template_nodes", "workflow_approval_templates"
WORKFLOW_OF = "workflow_job_template"
# What a schedule or a step of a workflow can start.
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", APPROVALS)
REFERENCES: Mapping[str, tuple[str, ...]] = {
    "credential": ("credentials",),
    "execution_environment": ("execution_environments",),
    "inventory": ("inventories",),
    "organization": ("organizations",),
    "project": ("projects",),
    "source_project": ("projects",),
    "unified_job_template": UNIFIED,
    "workflow_job_template": ("workflow_job_templates",),
}
EDGES = ("success_nodes", "failure_nodes", "always_nodes")
NOTIFIED = {f"notification_templates_{event}": "notification_templates" for event in ("started", "success", "error")}
# What is associated with an object of a collection, and in which collection that is.
ASSOCIATIONS: Mapping[str, Mapping[str, str]] = {
    "organizations": {"galaxy_credentials": "credentials"},
    "job_templates": {"credentials": "credentials", "labels": "labels", **NOTIFIED},
    "workflow_job_templates": {
        "labels": "labels",
        "notification_templates_approvals": "notification_templates",
        **NOTIFIED,
    },
    NODES: dict.fromkeys(EDGES, NODES),
}
# Fields that the API has and the files have not.
UNFILED: Mapping[str, Object] = {
    "credential_types": {"managed": False},
    "inventories": {"kind": "", "host_filter": None},
    NODES: {"type": "workflow_job_template_node"},
}
# What is true where nobody says.
DEFAULTS: Mapping[str, Object] = {"schedules": {"enabled": True}}
SCHEMAS: Mapping[str, Schema] = {
    **{collection: FILES[variable] for variable, collection in COLLECTIONS.items()},
    # Its steps come later, and a step's template, or approval, may.
    "workflow_job_templates": {**WORKFLOW, "required": ["name", "organization"]},
    NODES: {**NODE, "oneOf": [{}]},
    APPROVALS: NODE["properties"]["approval_node"],
    "organizations": {"type": "object", "required": ["name"]},
}


class Refused(Exception):
    """HTTP 400."""


@dataclass
class Records:
    """Begins with an organization Default and some credentials. `playbooks`: what every project has."""

    playbooks: frozenset[str]
    objects: dict[str, dict[int, Object]] = field(default_factory=dict)
    # The ids that are associated with an object, by its id and the association's name.
    associated: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    surveys: dict[int, Object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        others = ("organizations", "credentials", NODES, APPROVALS, "project_updates", "inventory_updates")
        self.objects = {name: {} for name in (*COLLECTIONS.values(), *others)}
        self.keep("organizations", {"name": "Default"})
        for name in ("Ansible Galaxy", "Controller", "Git", "Registry", "Sinks", "Tenants"):
            self.keep("credentials", {"name": name})

    def keep(self, collection: str, given: Object) -> int:
        """The id of what is kept from now on."""
        number = next(self._ids)
        self.objects[collection][number] = given
        return number

    def number(self, collection: str, name: str) -> int:
        """The id of the object of this name, or identifier."""
        (found,) = (number for number, each in self.objects[collection].items() if _name(each) == name)
        return found

    def as_file(self, variable: str) -> list[Object]:
        """What is kept, in the form of one file under awx/."""
        collection = COLLECTIONS[variable]
        filed = [self._filed(collection, number, each) for number, each in self.objects[collection].items()]
        if collection == "workflow_job_templates":
            for each in filed:
                number = self.number(collection, each["name"])
                nodes = [(node, kept) for node, kept in self.objects[NODES].items() if kept[WORKFLOW_OF] == number]
                each["simplified_workflow_nodes"] = [self._filed(NODES, node, kept) for node, kept in nodes]
        return filed

    def organization(self, kept: Object) -> Any:
        """The id of the organization that an object belongs to, also by what it starts or is a part of."""
        if "organization" in kept:
            return kept["organization"]
        parent = next((name for name in ("unified_job_template", "inventory") if name in kept), None)
        return parent and self.organization(self._referred(parent, kept[parent]))

    def check(self, collection: str, number: int, kept: Object) -> None:
        """Raises Refused for what AWX would not take, of the object as it will be; of a new one the id is 0."""
        for name, value in UNFILED.get(collection, {}).items():
            if kept.get(name, value) != value:
                raise Refused(f"{name}: {kept[name]!r}")
        filed = self._filed(collection, number, kept)
        fits(SCHEMAS[collection], filed)
        if collection == "credential_types":
            engine.check(filed)
        if collection == "job_templates" and filed["playbook"] not in self.playbooks:
            raise Refused(f"{filed['playbook']} is not in the project")

    def _filed(self, collection: str, number: int, kept: Object) -> Object:
        own = {name: value for name, value in kept.items() if name not in UNFILED.get(collection, {})}
        filed = {name: self._named(name, value) for name, value in own.items()}
        if "extra_vars" in filed:
            filed["extra_vars"] = json.loads(filed["extra_vars"])
        for name, others in ASSOCIATIONS.get(collection, {}).items():
            if (number, name) in self.associated:
                filed[name] = [_name(self.objects[others][each]) for each in self.associated[number, name]]
        if number in self.surveys:
            filed["survey_spec"] = self.surveys[number]
        if collection in ("inventory_sources", "schedules"):
            filed["organization"] = self._named("organization", self.organization(kept))
        return self._step(filed, kept) if collection == NODES else filed

    def _step(self, filed: Object, kept: Object) -> Object:
        del filed[WORKFLOW_OF]
        launched = kept.get("unified_job_template")
        if launched in self.objects[APPROVALS]:
            del filed["unified_job_template"]
            return {**filed, "approval_node": self.objects[APPROVALS][launched]}
        if launched is not None:
            filed["lookup_organization"] = self._named("organization", self.organization(kept))
        return filed

    def _named(self, name: str, value: Any) -> Any:
        return _name(self._referred(name, value)) if name in REFERENCES else value

    def _referred(self, name: str, number: Any) -> Object:
        found = [self.objects[other].get(number) for other in REFERENCES[name]]
        kept = next((each for each in found if each is not None), None)
        if kept is None:
            raise Refused(f"{name}: there is no {number!r}")
        return kept


def stored(collection: str, given: Object) -> Object:
    """What AWX makes of what it gets: whatever it adds differs from the file, in every run."""
    if collection != "credential_types":
        return {**DEFAULTS.get(collection, {}), **given}
    fields = [{"type": "string", **each} for each in given["inputs"]["fields"]]
    return {**given, "inputs": {**given["inputs"], "fields": fields}}


def fits(schema: Schema, given: Any) -> None:
    """Raises Refused with the first thing that the schema does not allow."""
    for error in jsonschema.Draft202012Validator(schema).iter_errors(given):
        raise Refused(f"{error.json_path}: {error.message}")


def _name(kept: Object) -> str:
    found: str = kept["identifier"] if "identifier" in kept else kept["name"]
    return found
