# SPDX-License-Identifier: GPL-3.0-or-later
"""What an Alteryx Server holds: users, each in exactly one subscription, workflows that stay in theirs, credentials."""

from __future__ import annotations

import itertools
from typing import Any

from .state import NEEDED, filled

Json = dict[str, Any]

REDUCED = ("id", "firstName", "lastName", "email", "isActive", "role", "dateCreated")
USER_DEFAULTS: Json = {
    "firstName": "",
    "lastName": "",
    "email": "",
    "role": "Artisan",
    "isActive": True,
    "dateCreated": "2025-01-01T00:00:00Z",
    "defaultWorkerTag": "",
    "canScheduleJobs": False,
    "canPrioritizeJobs": False,
    "canAssignJobs": False,
    "canCreateCollections": False,
    "isApiEnabled": False,
    "defaultCredentialId": "",
    "isAccountLocked": False,
    "lastLoginDateTime": "",
    "isValidated": True,
    "sharedCredentialIds": [],
    "dataConnectionIds": [],
    "timeZone": "",
    "language": "en-us",
    "canCreateAndUpdateDcm": False,
    "canShareForExecutionDcm": False,
    "canShareForCollaborationDcm": False,
    "canManageGenericVaultsDcm": False,
}
CREDENTIAL: Json = {"id": NEEDED, "userName": "", "userIds": [], "userGroupIds": []}
WORKFLOW: Json = {"id": NEEDED, "name": "", "subscription": NEEDED, "owner": None}
SUBSCRIPTION: Json = {
    "id": None,
    "name": NEEDED,
    "canShareSchedules": False,
    "credentialId": "",
    "apiKey": None,
    "apiSecret": None,
    "default": False,
    "users": [],  # another way to say which users are in it
    "workflows": [],  # what dump adds; the workflows themselves name their subscription
}


class Store:
    """Objects by id; a user's subscription and a workflow's subscription are ids in them."""

    def __init__(self, state: Json) -> None:
        self.serial = itertools.count(1)
        self.users = by_id("alteryx user", state["users"], {"id": NEEDED, "subscription": None, **USER_DEFAULTS})
        self.credentials = by_id("alteryx credential", state["credentials"], CREDENTIAL)
        self.workflows = by_id("alteryx workflow", state["workflows"], WORKFLOW)
        self.subscriptions: dict[str, Json] = {}
        self.members: dict[str, dict[str, None]] = {}  # subscription -> ids of its users, in order of arrival
        self.contents: dict[str, dict[str, None]] = {}  # subscription -> ids of its workflows
        for each in state["subscriptions"]:
            subscription = self.add(**each)
            for user in each.get("users", ()):
                self.users[user]["subscription"] = subscription["id"]
        for user in self.users.values():
            # the server makes a private studio for every user, under the user's name
            self.move(user["id"], user["subscription"] or self.add(name=display_name(user))["id"])
        for workflow in self.workflows.values():
            self.contents[workflow["subscription"]][workflow["id"]] = None

    def new_id(self) -> str:
        return next(key for n in self.serial if (key := f"66f0a1b2{n:016x}") not in self.subscriptions)

    def add(self, **given: Any) -> Json:
        """A new subscription, with an id and keys unless they are given."""
        subscription = filled("alteryx subscription", given, SUBSCRIPTION)
        key = subscription["id"] = subscription["id"] or self.new_id()
        subscription["apiKey"] = subscription["apiKey"] or f"fake-api-key-{key}"
        subscription["apiSecret"] = subscription["apiSecret"] or f"fake-api-secret-{key}"
        del subscription["users"], subscription["workflows"]
        self.subscriptions[key], self.members[key], self.contents[key] = subscription, {}, {}
        return subscription

    def remove(self, subscription: str) -> None:
        del self.subscriptions[subscription], self.members[subscription], self.contents[subscription]

    def move(self, user: str, subscription: str) -> None:
        """Put a user into a subscription; the user's workflows stay where they are."""
        self.members[self.users[user]["subscription"] or subscription].pop(user, None)
        self.users[user]["subscription"] = subscription
        self.members[subscription][user] = None

    def named(self, name: str) -> bool:
        return any(each["name"] == name for each in self.subscriptions.values())

    def dump(self) -> Json:
        return {
            "users": [dict(user) for user in self.users.values()],
            "credentials": [dict(each) for each in self.credentials.values()],
            "workflows": [dict(each) for each in self.workflows.values()],
            "subscriptions": [
                {**each, "users": list(self.members[key]), "workflows": list(self.contents[key])}
                for key, each in self.subscriptions.items()
            ],
        }


def by_id(what: str, given: list[Json], known: Json) -> dict[str, Json]:
    return {each["id"]: filled(what, each, known) for each in given}


def display_name(user: Json) -> str:
    return f"{user['firstName']} {user['lastName']}".strip()
