# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a Devo token. Renewals need time to pass: they are in tests/unit/services/test_devo_tokens_renewal.py."""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from unit.kind import Kind
from unit.life import Life, Step
from unit.lives.devo_domain_user import ROBOT_TOKEN, TENANT

NAME = "ci: Möbius & Sons / 1"
ANN, OWNER = "ann@example.com", "owner@example.com"
HIDDEN, CHANGED = "********", "******** (changed)"
NEW_SECRET = (HIDDEN, CHANGED)
NEW = {
    "name": NAME,
    "audience": ["apiv2", "alerts"],
    "scopes": ["table://my.app", "level://admin"],
    "user": ANN,
    "expires_in": 7200,
}
PLAIN = {"name": "plain", "audience": ["apiv2"], "scopes": ["default"], "enabled": False}
IN_USE = "is the token in use"
OF_USERS = "of the users of a domain, which this module does not ask for"


def replaced(**options: object) -> dict[str, object]:
    return {"name": NAME, "replace": True, **options}


LIFE = Life(
    service=DevoTokens,
    tenant="devo",
    common={"account": "example"},
    steps=(
        Step("absent", {"name": NAME, "state": "absent"}, "nothing"),
        Step("create without an audience", {"name": NAME}, "refused", says="needs audience"),
        Step("unknown id", {"token_id": "99", "name": NAME}, "refused", says="id 99 does not exist"),
        Step("unknown id, absent", {"token_id": "99", "state": "absent"}, "nothing"),
        Step(
            "create",
            NEW,
            "create",
            {
                "audience": (None, ["alerts", "apiv2"]),
                "scopes": (None, ["level://admin", "table://my.app"]),
                "user": (None, ANN),
                "expires_in": (None, 7200),
                "secret": (None, HIDDEN),
            },
        ),
        Step(
            "same, written otherwise",
            {**NEW, "audience": ["alerts apiv2", "alerts"], "user": "Ann@Example.com", "expires_in": 7230},
            "nothing",
        ),
        Step("same, with little said", {"name": NAME}, "nothing"),
        Step("enabled already", {"name": NAME, "enabled": True}, "nothing"),
        Step("disabled", {"name": NAME, "enabled": False}, "update", {"enabled": (True, False)}),
        Step(
            "replaced while it is disabled",
            replaced(expires_in=3600),
            "update",
            {"expires_in": (7200, 3600), "secret": NEW_SECRET},
        ),
        Step("still disabled", {"name": NAME, "enabled": False}, "nothing"),
        Step("enabled", {"name": NAME, "enabled": True}, "update", {"enabled": (False, True)}),
        Step(
            "other audience and scopes",
            {"name": NAME, "audience": ["http"], "scopes": ["table://my.app"]},
            "refused",
            says=r"differs in audience, scopes, .* replace: true",
        ),
        Step(
            "other audience and scopes, replaced",
            replaced(audience=["http"], scopes=["table://my.app"]),
            "update",
            {
                "audience": (["alerts", "apiv2"], ["http"]),
                "scopes": (["level://admin", "table://my.app"], ["table://my.app"]),
                "secret": NEW_SECRET,
            },
        ),
        Step("other user", replaced(user=OWNER), "update", {"user": (ANN, OWNER), "secret": NEW_SECRET}),
        Step("permanent", replaced(expires_in=-1), "update", {"expires_in": (3600, -1), "secret": NEW_SECRET}),
        Step(
            "replaced and disabled",
            replaced(expires_in=86400, enabled=False),
            "update",
            {"expires_in": (-1, 86400), "enabled": (True, False), "secret": NEW_SECRET},
        ),
        Step("other owner", replaced(owner=ANN), "update", {"owner": (OWNER, ANN), "secret": NEW_SECRET}),
        Step(
            "what was not declared is kept", {**NEW, **replaced(audience=["http"], scopes=["table://my.app"])}, "update"
        ),
        Step("removed", {"name": NAME, "state": "absent"}, "delete", {}),
        Step("removed again", {"name": NAME, "state": "absent"}, "nothing"),
        Step("disabled, if there", {"name": NAME, "enabled": False, "only_existing": True}, "nothing"),
        Step(
            "create disabled, with the default scopes",
            PLAIN,
            "create",
            {
                "audience": (None, ["apiv2"]),
                "scopes": (None, ["default"]),
                "enabled": (None, False),
                "secret": (None, HIDDEN),
            },
        ),
        Step(
            "renamed to a name that is taken", {"token_id": "2", "name": "plain"}, "refused", says="cannot be renamed"
        ),
        Step(
            "replaced by its id",
            {"token_id": "2", "audience": ["http"], "replace": True},
            "refused",
            says="declare it by its name",
        ),
        Step("renamed", {"token_id": "2", "name": "reports 2"}, "update", {"name": ("reports", "reports 2")}),
        Step("removed by its id", {"token_id": "2", "state": "absent"}, "delete", {}),
        Step("removed by its id, again", {"token_id": "2", "state": "absent"}, "nothing"),
        Step("in use, removed", {"name": "automation", "state": "absent"}, "refused", says=IN_USE),
        Step("in use, disabled", {"token_id": "1", "enabled": False}, "refused", says=IN_USE),
        Step(
            "in use, replaced",
            {"name": "automation", "audience": ["http"], "replace": True},
            "refused",
            says=IN_USE,
        ),
        Step("in use, as it is", {"name": "automation", "expires_in": -1, "enabled": True}, "nothing"),
    ),
    refusals={("owner_key", "ignored"): {"other owner": "owner owner@example.com instead of ann@example.com"}},
    unmet={
        "layout": "where the tokens are is an option of the connection; see test_both_published_layouts",
        **dict.fromkeys(
            (
                "bad_signature",
                "old_timestamp",
                "bearer_on_probio",
                "disabled",
                "skip_key",
                "created_status",
                "unknown_user",
                "email_lookup",
                "email_case",
                "enable_pending",
                "disable_owner",
                "user_answer",
                "user_deleted",
                "role_format",
                "role_separator",
                "no_privileges",
                "role_literals",
                "post_roles",
                "post_without_role",
                "role_put_key",
                "role_delete_key",
                "role_wrong_key",
                "put_role_name",
                "last_role",
                "role_not_held",
            ),
            OF_USERS,
        ),
    },
)

NEVER_LOST = "the token in use, which is never deleted, disabled or renewed"

KIND = Kind(
    LIFE,
    lambda n: {"name": f"token {n}", "audience": ["apiv2"], "scopes": ["table://my.app"]},
    state=TENANT,
    credentials={"api_token": ROBOT_TOKEN, "api_key": None, "api_secret": None},
    protected=(
        ({"name": "automation", "state": "absent"}, NEVER_LOST),
        ({"token_id": "1", "state": "absent"}, NEVER_LOST),
        ({"name": "automation", "enabled": False}, NEVER_LOST),
        ({"name": "automation", "audience": ["http"], "replace": True}, NEVER_LOST),
    ),
    # Only a new token can have other words.
    taken_away=({"audience": ["apiv2", "http"]}, {"audience": ["http"], "replace": True}),
)
