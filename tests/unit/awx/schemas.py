# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Schemas of what an automation controller takes, for each file under awx/.

Written from AWX 24.6: awx/main/fields.py, awx/api/serializers.py, awx/api/views, awx/main/notifications, and from what
the modules of awx.awx and the roles of infra.aap_configuration pass on. Nothing else may stand in an object.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

# A job's own; a credential must not set them. Nor anything that begins with ANSIBLE_.
RESERVED_VARIABLES = frozenset(
    {
        "AD_HOC_COMMAND_ID",
        "AWX_HOST",
        "CACHE",
        "CALLBACK_CONNECTION",
        "CALLBACK_QUEUE",
        "INVENTORY_HOSTVARS",
        "INVENTORY_ID",
        "INVENTORY_SOURCE_ID",
        "INVENTORY_UPDATE_ID",
        "JOB_CALLBACK_DEBUG",
        "JOB_ID",
        "MAX_EVENT_RES",
        "PATH",
        "PROJECT_REVISION",
        "PYTHONPATH",
        "REST_API_TOKEN",
        "REST_API_URL",
        "SUPERVISOR_CONFIG_PATH",
        "VIRTUAL_ENV",
    }
)

TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 512}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NAMES: Schema = {"type": "array", "items": NAME, "uniqueItems": True}
VARIABLE = "^[a-zA-Z_][a-zA-Z0-9_]*$"


def strict(needed: str, /, **properties: Schema) -> Schema:
    """An object with these properties and no others. `needed`: those that must be there, with blanks between."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": needed.split(),
    }


def mapped(pattern: str, value: Schema) -> Schema:
    """An object whose keys have this pattern."""
    return {"type": "object", "additionalProperties": False, "patternProperties": {pattern: value}}


# ask_at_runtime is part of the schema, and refused by the API.
FIELD = strict(
    "id label",
    id={"type": "string", "pattern": VARIABLE},
    label=TEXT,
    type={"enum": ["string", "boolean"]},
    format={"enum": ["ssh_private_key", "url"]},
    choices={"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
    multiline=FLAG,
    secret=FLAG,
    help_text=TEXT,
    default={},
)
CREDENTIAL_TYPE = strict(
    "name kind inputs injectors",
    name=NAME,
    description=TEXT,
    kind={"enum": ["cloud", "net"]},
    inputs=strict("fields", fields={"type": "array", "items": FIELD}, required={"type": "array", "items": TEXT}),
    injectors=strict(
        "",
        env=mapped(VARIABLE, {"type": "string", "pattern": "^[\x00-\x7f]*$"}),
        file=mapped(r"^template(\.[a-zA-Z_][a-zA-Z0-9_]*)?$", TEXT),
        extra_vars=mapped(r"^[a-zA-Z_\{\}][a-zA-Z0-9_\{\}]*$", {"type": ["string", "array", "object"]}),
    ),
)

QUESTION = strict(
    "type question_name variable required",
    type={"enum": ["text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"]},
    question_name=NAME,
    question_description=TEXT,
    variable={"type": "string", "pattern": VARIABLE},
    required=FLAG,
    min={"type": ["integer", "null"]},
    max={"type": ["integer", "null"]},
    default={"type": ["string", "integer", "number"]},
    choices=NAMES,
)
QUESTIONS: Schema = {"type": "array", "items": QUESTION, "minItems": 1}
SURVEY = strict("name description spec", name=TEXT, description=TEXT, spec=QUESTIONS)

ASKED = (
    "credential",
    "execution_environment",
    "inventory",
    "job_type",
    "limit",
    "scm_branch",
    "variables",
)
TEMPLATE = strict(
    "name organization project playbook inventory job_type",
    name=NAME,
    description=TEXT,
    organization=NAME,
    project=NAME,
    playbook={"type": "string", "pattern": r"^[a-z_]+\.yml$"},
    inventory=NAME,
    job_type={"enum": ["run", "check"]},
    execution_environment=TEXT,
    credentials=NAMES,
    labels=NAMES,
    forks=COUNT,
    job_slice_count={"type": "integer", "minimum": 1},
    timeout=COUNT,
    verbosity={"enum": [0, 1, 2, 3, 4, 5]},
    diff_mode=FLAG,
    become_enabled=FLAG,
    allow_simultaneous=FLAG,
    extra_vars={"type": "object"},
    survey_enabled=FLAG,
    survey_spec=SURVEY,
    notification_templates_started=NAMES,
    notification_templates_success=NAMES,
    notification_templates_error=NAMES,
    **{f"ask_{name}_on_launch": FLAG for name in ASKED},
)

NODE = {
    **strict(
        "identifier",
        identifier=NAME,
        unified_job_template=NAME,
        lookup_organization=NAME,
        approval_node=strict("name", name=NAME, description=TEXT, timeout=COUNT),
        all_parents_must_converge=FLAG,
        credentials=NAMES,
        limit=TEXT,
        success_nodes=NAMES,
        failure_nodes=NAMES,
        always_nodes=NAMES,
    ),
    "oneOf": [{"required": ["unified_job_template"]}, {"required": ["approval_node"]}],
}
WORKFLOW = strict(
    "name organization simplified_workflow_nodes",
    name=NAME,
    description=TEXT,
    organization=NAME,
    allow_simultaneous=FLAG,
    labels=NAMES,
    notification_templates_error=NAMES,
    notification_templates_approvals=NAMES,
    simplified_workflow_nodes={"type": "array", "items": NODE, "minItems": 1},
    **{f"ask_{name}_on_launch": FLAG for name in ("inventory", "limit", "scm_branch", "variables")},
)

# One line each: see the zones and rules in test_files.py.
START = r"DTSTART(;TZID=[A-Za-z_]+/[A-Za-z_/]+:\d{8}T\d{6}|:\d{8}T\d{6}Z)"
SCHEDULE = strict(
    "name organization unified_job_template rrule enabled",
    name=NAME,
    description=TEXT,
    organization=NAME,
    unified_job_template=NAME,
    rrule={"type": "string", "pattern": rf"^{START}( RRULE:[A-Z0-9=;,]+)+$"},
    enabled=FLAG,
)

LINE: Schema = {"type": "string", "pattern": r"^[^\n]*$"}
MESSAGE: Schema = {**strict("", message=LINE, body=TEXT), "type": ["object", "null"]}
MESSAGES = strict(
    "",
    started=MESSAGE,
    success=MESSAGE,
    error=MESSAGE,
    workflow_approval=strict("", running=MESSAGE, approved=MESSAGE, denied=MESSAGE, timed_out=MESSAGE),
)
# What the controller asks for where it has no default of its own, and the types it insists on.
_SETTINGS = {
    "email": strict(
        "host port username password use_tls use_ssl sender recipients",
        host=NAME,
        port={"type": "integer"},
        username=TEXT,
        password=TEXT,
        use_tls=FLAG,
        use_ssl=FLAG,
        sender=NAME,
        recipients={**NAMES, "minItems": 1},
        timeout={"type": "integer"},
    ),
    "mattermost": strict("mattermost_url mattermost_no_verify_ssl", mattermost_url=NAME, mattermost_no_verify_ssl=FLAG),
    "slack": strict("token channels", token=NAME, channels={**NAMES, "minItems": 1}),
    "webhook": strict(
        "url headers",
        url=NAME,
        http_method={"enum": ["POST", "PUT"]},
        disable_ssl_verification=FLAG,
        username=TEXT,
        password=TEXT,
        headers={"type": "object", "additionalProperties": TEXT},
    ),
}
NOTIFICATION: Schema = {
    **strict(
        "name organization notification_type notification_configuration messages",
        name=NAME,
        description=TEXT,
        organization=NAME,
        notification_type={"enum": sorted(_SETTINGS)},
        notification_configuration={"type": "object"},
        messages=MESSAGES,
    ),
    "allOf": [
        {
            "if": {"properties": {"notification_type": {"const": kind}}},
            "then": {"properties": {"notification_configuration": settings}},
        }
        for kind, settings in _SETTINGS.items()
    ],
}

# By the variable that holds them.
FILES: dict[str, Schema] = {
    "controller_labels": strict("name organization", name=NAME, organization=NAME),
    "controller_credential_types": CREDENTIAL_TYPE,
    "controller_execution_environments": strict(
        "name image organization",
        name=NAME,
        description=TEXT,
        organization=NAME,
        image=NAME,
        pull={"enum": ["always", "missing", "never"]},
        credential=TEXT,
    ),
    "controller_notifications": NOTIFICATION,
    "controller_projects": strict(
        "name organization scm_type scm_url",
        name=NAME,
        description=TEXT,
        organization=NAME,
        scm_type={"const": "git"},
        scm_url=NAME,
        scm_branch=TEXT,
        credential=TEXT,
        scm_update_on_launch=FLAG,
        scm_update_cache_timeout=COUNT,
        scm_clean=FLAG,
        allow_override=FLAG,
    ),
    "controller_inventories": strict("name organization", name=NAME, description=TEXT, organization=NAME),
    "controller_inventory_sources": strict(
        "name inventory organization source source_project source_path",
        name=NAME,
        description=TEXT,
        inventory=NAME,
        organization=NAME,
        source={"const": "scm"},
        source_project=NAME,
        source_path=NAME,
        overwrite=FLAG,
        overwrite_vars=FLAG,
        update_on_launch=FLAG,
        update_cache_timeout=COUNT,
        timeout=COUNT,
        verbosity={"enum": [0, 1, 2]},
    ),
    "controller_templates": TEMPLATE,
    "controller_workflows": WORKFLOW,
    "controller_schedules": SCHEDULE,
}
