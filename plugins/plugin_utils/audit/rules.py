# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of rules, how it is set by ``access_rules``, and what it finds on a tenant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    rules_accounts,
    rules_declared,
    rules_licences,
    rules_tokens,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    DRIFT,
    SEVERITIES,
    UNMANAGED,
    UNREADABLE,
    WAIVER_EXPIRED,
    WAIVER_TOO_BROAD,
    WAIVER_UNUSED,
    finding,
    worst_first,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rule import (
    Rule,
    Threshold,
    flag,
    pairs,
    texts,
    texts_of,
    whole_number,
)

# More findings than this for one waiver, and it waives none of them.
MOST_WAIVED = 10
_DAYS = whole_number(0)

RULES = (
    Rule(
        UNREADABLE,
        "high",
        "Something could not be read, so that nobody knows what is there. It makes the verdict `error`.",
        rules_declared.unreadable,
        can_be_off=False,
    ),
    Rule(
        DRIFT,
        "medium",
        "An object is not as declared: it is missing, differs, or is declared absent and exists (one step worse). What "
        "a purge would remove is drift too, and so is a client that is expected and missing.",
        rules_declared.drift,
    ),
    Rule(
        UNMANAGED,
        "medium",
        "An object exists and nobody declared it, a client that is not expected too; or somebody is in a group and not "
        "declared there. One step milder where it is excluded from the purge, or is the account in use, built-in, or "
        "an owner.",
        rules_declared.unmanaged,
        (
            Threshold(
                "ignore",
                [],
                f"reasons that are no finding, out of {', '.join(sorted(rules_declared.UNMANAGED_REASONS))}",
                texts_of(rules_declared.UNMANAGED_REASONS),
            ),
        ),
    ),
    Rule(
        "mass_change",
        "high",
        "An apply would change more than a share of the objects of a kind: perhaps it is the wrong tenant, or the "
        "wrong declaration.",
        rules_declared.mass_change,
        (
            Threshold("percent", 20, "share of what exists or is declared, in percent", whole_number(0, 100)),
            Threshold("minimum", 10, "fewer changes than this are none", whole_number(1)),
        ),
    ),
    Rule(
        "declared_stale",
        "medium",
        "Somebody has left and is still declared present: the declaration would let them in again.",
        rules_declared.declared_stale,
        (
            Threshold(
                "elsewhere",
                True,
                "whether it is enough that another tenant declares them absent (perhaps they only moved)",
                flag,
            ),
        ),
    ),
    Rule(
        "leaver_active",
        "high",
        "Somebody who has left has an account or licence that is enabled, or is in a group. One step worse for an "
        "administrator.",
        rules_accounts.leaver_active,
    ),
    Rule(
        "account_disabled",
        "low",
        "An account is disabled and not removed, so many days after it was first reported so.",
        rules_accounts.account_disabled,
        (Threshold("days", 90, "days since the first report that shows it disabled", _DAYS),),
    ),
    Rule(
        "account_duplicate",
        "medium",
        "Names of accounts differ only in case, or in letters of other alphabets that look alike.",
        rules_accounts.account_duplicate,
    ),
    Rule(
        "email_domain",
        "medium",
        "Somebody's e-mail is of none of the allowed domains.",
        rules_accounts.email_domain,
        (
            Threshold(
                "allowed",
                [],
                "domains, `*.example.com` for those below one; with none, nothing is checked",
                texts,
            ),
        ),
    ),
    Rule(
        "user_unrestricted",
        "medium",
        "A user has no role, on a platform where that means to see everything. Not the account in use, nor a built-in "
        "one.",
        rules_accounts.user_unrestricted,
        (Threshold("approved", [], "e-mails of those who may see everything", texts),),
    ),
    Rule(
        "administrator_unapproved",
        "high",
        "A user is an administrator, and nobody declared the account; where `approved` is set, who is not in it, "
        "declared or not. Not the account in use, nor a built-in one or an owner.",
        rules_accounts.administrator_unapproved,
        (Threshold("approved", None, "e-mails of all who may be administrators; null: those declared", texts),),
    ),
    Rule(
        "administrators_too_many",
        "medium",
        "A tenant has more administrators than allowed, the account in use and the built-in ones included.",
        rules_accounts.administrators_too_many,
        (Threshold("maximum", 5, "so many may be", whole_number(0)),),
    ),
    Rule(
        "separation_of_duties",
        "high",
        "One person holds two entitlements that exclude each other, on one tenant or on two of one platform.",
        rules_accounts.separation_of_duties,
        (
            Threshold(
                "pairs",
                [],
                "pairs of entitlements as the report names them, such as `[role billing, role payments]`",
                pairs,
            ),
        ),
    ),
    Rule(
        "token_of_leaver",
        "high",
        "A token acts for somebody who has left. One step worse where it allows (nearly) everything.",
        rules_tokens.token_of_leaver,
    ),
    Rule(
        "token_wide",
        "medium",
        "A token allows (nearly) everything, such as all tables, or administration. One step worse where nobody "
        "declared it. Not the token in use.",
        rules_tokens.token_wide,
        (Threshold("approved", [], "names of the tokens that may", texts),),
    ),
    Rule(
        "token_expiring",
        "medium",
        "A token expires soon. One step milder where it has expired already.",
        rules_tokens.token_expiring,
        (Threshold("days", 14, "days ahead", _DAYS),),
    ),
    Rule(
        "token_permanent",
        "medium",
        "A token never expires.",
        rules_tokens.token_permanent,
    ),
    Rule(
        "token_old",
        "medium",
        "A token was created long ago.",
        rules_tokens.token_old,
        (Threshold("days", 90, "older than so many days", _DAYS),),
    ),
    Rule(
        "licence_headroom",
        "medium",
        "Few licences are left of the quota that `access_licence_quota` declares for the tenant: no platform tells it.",
        rules_licences.licence_headroom,
        (Threshold("minimum", 5, "so many should be left", whole_number(0)),),
    ),
    Rule(
        "licence_inactive",
        "medium",
        "A licence is inactive or expired. Status `unknown`, one step milder, where the platform tells neither.",
        rules_licences.licence_inactive,
    ),
    Rule(
        "group_unused",
        "low",
        "A subscription has no users and no workflows.",
        rules_licences.group_unused,
    ),
    Rule(
        "group_abandoned",
        "medium",
        "A subscription has workflows, and no users who would look after them.",
        rules_licences.group_abandoned,
    ),
    Rule(
        WAIVER_EXPIRED,
        "medium",
        "A waiver has expired: what it was for is open again.",
        None,
    ),
    Rule(
        WAIVER_UNUSED,
        "low",
        "A waiver matches no finding.",
        None,
    ),
    Rule(
        WAIVER_TOO_BROAD,
        "high",
        f"A waiver matches more than {MOST_WAIVED} findings, and waives none of them.",
        None,
    ),
)
BY_ID = {rule.id: rule for rule in RULES}


def settings(access_rules: Any = None) -> dict[str, dict[str, Any] | None]:
    """Every rule as it is in force, by id: ``{severity, <threshold>: …}``, None where it is switched off.

    ``access_rules``: ``{id: false}`` or ``{id: {severity: …, <threshold>: …}}`` for those that are to differ from the
    defaults. Raises ValidationError naming what it does not know, and what was perhaps meant.
    """
    given = {} if access_rules is None else access_rules
    if not isinstance(given, Mapping):
        raise ValidationError("access_rules must be a mapping of rules to false, or to severity and thresholds")
    for name in given:
        if name not in BY_ID:
            raise ValidationError(f"access_rules: there is no rule '{name}'{meant(str(name), BY_ID)}")
    return {rule.id: _setting(rule, given.get(rule.id, {})) for rule in RULES}


def _setting(rule: Rule, given: Any) -> dict[str, Any] | None:
    where = f"access_rules.{rule.id}"
    if given is False:
        if not rule.can_be_off:
            raise ValidationError(f"{where}: this rule cannot be switched off, since it says what was not audited")
        return None
    if not isinstance(given, Mapping):
        raise ValidationError(f"{where}: give false to switch it off, or a mapping of severity and thresholds")
    thresholds = {threshold.name: threshold for threshold in rule.thresholds}
    for name in given:
        if name != "severity" and name not in thresholds:
            raise ValidationError(
                f"{where}: there is no threshold '{name}'{meant(str(name), ['severity', *thresholds])}"
            )
    severity = given.get("severity", rule.severity)
    if severity not in SEVERITIES:
        raise ValidationError(f"{where}.severity: '{severity}' is none of {', '.join(SEVERITIES)}")
    chosen = {"severity": severity}
    for name, threshold in thresholds.items():
        value = given.get(name, threshold.default)
        try:
            # Null is a value where it is the default.
            chosen[name] = threshold.default if value == threshold.default else threshold.parse(value)
        except ValueError as problem:
            raise ValidationError(f"{where}.{name} has to be {problem}, and is {value!r}") from None
    return chosen


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that is not known: what was perhaps meant, else all that are."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(sorted(known))}"


def evaluate(
    tenant: Mapping[str, Any], chosen: Mapping[str, Mapping[str, Any] | None], context: Context
) -> list[dict[str, Any]]:
    """All findings of one tenant's record, the worst first. ``chosen``: what `settings` returned."""
    found: dict[str, dict[str, Any]] = {}
    for rule in RULES:
        thresholds = chosen[rule.id]
        if thresholds is None or rule.check is None:
            continue
        for each in rule.check(tenant, thresholds, context):
            severity = _moved(thresholds["severity"], each.worse)
            item = finding(
                rule.id,
                severity,
                each.status,
                tenant,
                each.kind,
                each.key,
                each.message,
                each.remedy,
                each.fields,
                each.people,
            )
            # Objects of one name are one finding, since its id is what waivers and reviews hold on to.
            other = found.setdefault(item["id"], item)
            if worst_first(item) < worst_first(other):
                found[item["id"]] = item
    return sorted(found.values(), key=worst_first)


def _moved(severity: str, worse: int) -> str:
    place = SEVERITIES.index(severity) - worse
    return SEVERITIES[min(max(place, 0), len(SEVERITIES) - 1)]
