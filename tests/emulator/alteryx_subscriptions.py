# SPDX-License-Identifier: GPL-3.0-or-later
"""Alteryx Server V3: the subscription endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from .alteryx_store import Json, display_name
from .platform import Endpoint, Switch

if TYPE_CHECKING:
    from .alteryx import Alteryx

LIST_FILTERS = (
    *("name", "canShareSchedule", "canShareSchedules", "defaultWorkflowCredentialId"),
    *("userCountGreaterThanEquals", "userCountLessThanEquals"),
    *("workflowCountGreaterThanEquals", "workflowCountLessThanEquals"),
)
MOST = 2**31 - 1
# semantics of a text filter -> whether the value asked for matches the object's
TEXT_FILTERS: dict[str, Callable[[str, str], bool]] = {
    "exact": lambda asked, value: asked == value,
    "case_insensitive": lambda asked, value: asked.lower() == value.lower(),
    "contains": lambda asked, value: asked in value,
    "contains_case_insensitive": lambda asked, value: asked.lower() in value.lower(),
    "ignored": lambda asked, value: True,
}
SWITCHES = (
    Switch("filter", ("honoured", "ignored"), "honoured", "whether the list of subscriptions is filtered at all"),
    Switch(
        "filter_key",
        ("canShareSchedule", "canShareSchedules"),
        "canShareSchedule",
        "which spelling filters the list",
    ),
    Switch("name_filter", tuple(TEXT_FILTERS), "exact", "how the list's name filter compares"),
    Switch("user_count_less", ("honoured", "ignored"), "honoured", "userCountLessThanEquals, which one document omits"),
    Switch(
        "workflow_count_less",
        ("at_most", "at_least"),
        "at_most",
        "workflowCountLessThanEquals, which one document describes as more or equal",
    ),
    Switch("create_requires", ("all", "name"), "all", "whether canShareSchedule and credentialId may be left out"),
    Switch("put_path", ("plural", "singular", "both"), "plural", "where a subscription is updated"),
    Switch("duplicate_names", ("allowed", "refused"), "allowed", "whether two subscriptions may have one name"),
    Switch("unknown_credential", ("400", "accepted"), "400", "a credentialId that does not exist"),
    Switch(
        "move_unknown",
        ("400", "404", "partial", "partial_400"),
        "400",
        "moving known and unknown user ids; partial: the known ones are moved",
    ),
    Switch("default_subscription", ("deletable", "protected"), "deletable", "deleting one marked `default`"),
)


class Subscriptions:
    def __init__(self, platform: Alteryx) -> None:
        self.platform = platform

    def routes(self) -> list[Endpoint]:
        curated = self.platform.curated
        one = "/v3/subscriptions/{subscription}"
        return [
            Endpoint("GET", "/v3/subscriptions", curated(self.listing), query=LIST_FILTERS),
            Endpoint("POST", "/v3/subscriptions", curated(self.create)),
            Endpoint("DELETE", "/v3/subscriptions", curated(self.delete), query=("subscriptionId",)),
            Endpoint("GET", one, curated(self.get)),
            Endpoint("PUT", one, curated(self.update)),
            Endpoint("PUT", "/v3/subscription/{subscription}", curated(self.update)),
            Endpoint("PUT", one + "/users", curated(self.move)),
        ]

    def listing(self, request: Request) -> Response:
        query = request.query_params
        asked = {} if self.platform.settings["filter"] == "ignored" else dict(query)
        users = self.between(request, asked, "userCount")
        workflows = self.between(request, asked, "workflowCount")
        share = asked.get(self.platform.settings["filter_key"])
        if share is not None and share.lower() not in ("true", "false"):
            raise self.platform.refuse(request, f"{share!r} is not a Boolean")
        same_name = TEXT_FILTERS[self.platform.settings["name_filter"]]
        found = []
        for key, each in self.platform.store.subscriptions.items():
            counts = len(self.platform.store.members[key]), len(self.platform.store.contents[key])
            if counts[0] not in users or counts[1] not in workflows:
                continue
            if share is not None and each["canShareSchedules"] != (share.lower() == "true"):
                continue
            if "name" in asked and not same_name(asked["name"], each["name"]):
                continue
            if asked.get("defaultWorkflowCredentialId", each["credentialId"]) != each["credentialId"]:
                continue
            found.append({"userCount": counts[0], "workflowCount": counts[1], **self.platform.answers.view(each)})
        return self.platform.answers.data(request, found)

    def between(self, request: Request, asked: dict[str, str], what: str) -> range:
        """The counts that the filters on `what` let through."""
        most_key = f"{what}LessThanEquals"
        try:
            least = int(asked.get(f"{what}GreaterThanEquals", 0))
            most = int(asked.get(most_key, MOST))
        except ValueError:
            raise self.platform.refuse(request, f"a {what} filter is not a number") from None
        settings = self.platform.settings
        if what == "userCount" and settings["user_count_less"] == "ignored":
            most = MOST
        elif what == "workflowCount" and settings["workflow_count_less"] == "at_least" and most_key in asked:
            least, most = max(least, most), MOST
        return range(least, most + 1)

    def get(self, request: Request) -> Response:
        subscription = self.platform.store.subscriptions.get(request.path_params["subscription"])
        if subscription is None:
            return self.platform.error(404, "Subscription not found.")
        users = [self.platform.store.users[user] for user in self.platform.store.members[subscription["id"]]]
        workflows = [self.platform.store.workflows[each] for each in self.platform.store.contents[subscription["id"]]]
        details = {
            "users": [{"id": user["id"], "name": display_name(user)} for user in users],
            "workflows": [{"id": each["id"], "name": each["name"]} for each in workflows],
        }
        return self.platform.answers.data(request, {**details, **self.platform.answers.view(subscription)})

    def create(self, request: Request) -> Response:
        shape = {"name": str, "canShareSchedule": bool, "credentialId": str}
        contract = self.platform.json_body(
            request, shape, shape if self.platform.settings["create_requires"] == "all" else ["name"]
        )
        refusal = self.wrong(request, contract, None)
        if refusal is not None:
            return refusal
        subscription = self.platform.store.add(
            name=contract["name"],
            canShareSchedules=contract.get("canShareSchedule", False),
            credentialId=contract.get("credentialId", ""),
        )
        return self.platform.answers.created(request, subscription)

    def update(self, request: Request) -> Response:
        singular = "/v3/subscription/" in request.url.path
        if self.platform.settings["put_path"] not in ("both", "singular" if singular else "plural"):
            return self.platform.not_found(request)
        shape = {"name": str, "canShareSchedules": bool, "credentialId": str}
        contract = self.platform.json_body(request, shape, shape)
        subscription = self.platform.store.subscriptions.get(request.path_params["subscription"])
        if subscription is None:
            return self.platform.error(404, "Subscription not found.")
        refusal = self.wrong(request, contract, subscription)
        if refusal is not None:
            return refusal
        subscription.update(contract)
        return self.platform.answers.data(request, self.platform.answers.view(subscription))

    def wrong(self, request: Request, contract: Json, subscription: Json | None) -> Response | None:
        """The refusal of a name or a credential."""
        if not 1 <= len(contract["name"]) <= 255:
            raise self.platform.refuse(request, "The field name must be a string with a length of 1 to 255.")
        renamed = subscription is None or contract["name"] != subscription["name"]
        if (
            renamed
            and self.platform.settings["duplicate_names"] == "refused"
            and self.platform.store.named(contract["name"])
        ):
            return self.platform.error(400, "A subscription with this name already exists.")
        credential = contract.get("credentialId")
        if (
            credential
            and credential not in self.platform.store.credentials
            and self.platform.settings["unknown_credential"] == "400"
        ):
            return self.platform.error(400, "The credential does not exist.")
        return None

    def delete(self, request: Request) -> Response:
        self.platform.no_body(request)
        if "subscriptionId" not in request.query_params:
            raise self.platform.refuse(request, "subscriptionId is missing from the query")
        key = request.query_params["subscriptionId"]
        if key not in self.platform.store.subscriptions:
            return self.platform.error(404, "Subscription not found.")
        if self.platform.store.members[key] or self.platform.store.contents[key]:
            return self.platform.error(
                400, "Subscriptions can only be deleted if no workflows or users are in the studio."
            )
        if (
            self.platform.store.subscriptions[key]["default"]
            and self.platform.settings["default_subscription"] == "protected"
        ):
            return self.platform.error(400, "The default subscription cannot be deleted.")
        self.platform.store.remove(key)
        return self.platform.answers.void()

    def move(self, request: Request) -> Response:
        users = self.platform.json_body(request, {"userIds": list}, ["userIds"])["userIds"]
        if not all(isinstance(user, str) for user in users):
            raise self.platform.refuse(request, "userIds is not a list of strings")
        target = request.path_params["subscription"]
        if target not in self.platform.store.subscriptions:
            return self.platform.error(404, "Subscription not found.")
        known = [user for user in users if user in self.platform.store.users]
        unknown = self.platform.settings["move_unknown"]
        if len(known) == len(users) or unknown.startswith("partial"):
            for user in known:
                self.platform.store.move(user, target)
        if len(known) < len(users) and unknown != "partial":
            return self.platform.error(404 if unknown == "404" else 400, "User not found.")
        return self.platform.answers.void()
