# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the subscriptions of an Alteryx Server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Observed, Option
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_api import AlteryxServer, Listed
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_connection import PLATFORM
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_objects import (
    SUBSCRIPTION,
    inside,
    observed_from,
)
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_reading import Reading


class SubscriptionInfo(Reader):
    """The subscriptions that pass the filters."""

    platform = PLATFORM
    info_options = (
        Option("subscription_id"),
        Option("name"),
        Option("can_share_schedules", type="bool"),
        Option("default_workflow_credential_id"),
        Option("user_count_min", type="int"),
        Option("user_count_max", type="int"),
        Option("workflow_count_min", type="int"),
        Option("workflow_count_max", type="int"),
        Option("details", type="bool", default=False),
        Option("assets_of"),
    )

    def info(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Every subscription that passes all filters, by name. The server's own filtering is only a help."""
        server = AlteryxServer(self.client)
        subscriptions = [item for item in server.subscriptions(_query(options)) if _passes(item, options)]
        observed = [observed_from(item) for item in sorted(subscriptions, key=lambda item: (item.name, item.id))]
        found: dict[str, Any] = {}
        if options["details"]:
            reading = Reading(server, self.client.settings.api_concurrency, whole=True)
            found["shared_emails"] = reading.complete(observed)
        found[SUBSCRIPTION.listed_as] = [{**item.values, **_counts(item)} for item in observed]
        if options["assets_of"]:
            found["assets"] = _assets(server, options["assets_of"])
        return found


def _assets(server: AlteryxServer, name: str) -> dict[str, Any] | None:
    """What the user of that e-mail or id owns; None: there is no such user. Raises AccessError where there are two."""
    found = [user for user in server.users() if folded(name) in (folded(user.email), folded(user.id))]
    if len(found) > 1:
        ids = ", ".join(sorted(user.id for user in found))
        raise ValidationError(f"assets_of: several users are called '{name}' ({ids}); give the id")
    if not found:
        return None
    owned = server.assets(found[0].id)
    return {
        "user": {"id": found[0].id, "email": found[0].email},
        **{kind: [{"id": item.id, "name": item.name} for item in items] for kind, items in owned.items()},
    }


def _counts(observed: Observed) -> dict[str, int]:
    return {"user_count": inside(observed).user_count, "workflow_count": inside(observed).workflow_count}


def _query(options: Mapping[str, Any]) -> dict[str, str]:
    """Filters that help whatever a server makes of them: it may at most let more through.

    ``canShareSchedule``: the spelling of the Swagger document and of both clients generated from it; the vendor's page
    has a plural. ``workflowCountLessThanEquals`` is never sent: one document says that it means "more or equal".
    """
    names = {
        "name": "name",
        "can_share_schedules": "canShareSchedule",
        "default_workflow_credential_id": "defaultWorkflowCredentialId",
        "user_count_min": "userCountGreaterThanEquals",
        "user_count_max": "userCountLessThanEquals",
        "workflow_count_min": "workflowCountGreaterThanEquals",
    }
    query = {}
    for option, key in names.items():
        value = options.get(option)
        # "" asks for those without: a server may have null for it.
        if value is not None and value != "":
            query[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return query


def _passes(item: Listed, options: Mapping[str, Any]) -> bool:
    exact = {
        "subscription_id": item.id,
        "name": item.name,
        "can_share_schedules": item.can_share_schedules,
        "default_workflow_credential_id": item.credential_id,
    }
    if any(options.get(name) is not None and options[name] != value for name, value in exact.items()):
        return False
    for name, count in (("user_count", item.user_count), ("workflow_count", item.workflow_count)):
        least, most = options.get(f"{name}_min"), options.get(f"{name}_max")
        if (least is not None and count < least) or (most is not None and count > most):
            return False
    return True
