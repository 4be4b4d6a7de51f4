# SPDX-License-Identifier: GPL-3.0-or-later
"""Every endpoint that the vendors' documents name, and a test that calls it and looks at the effect."""

from __future__ import annotations

_ALTERYX = "tests/unit/services/test_subscription.py::"
_ALTERYX_MANY = "tests/unit/services/test_subscriptions.py::"
_DS = "tests/unit/services/test_ds_user.py::"
_FAULTS = "tests/unit/http/test_faults.py::"
_DEVO_USERS = "tests/unit/services/test_devo_users.py::"
_DEVO_TOKENS = "tests/unit/services/test_devo_tokens.py::"

_DBSYNC = "tests/unit/services/test_dbsync_license_user"
_DQM = "tests/unit/services/test_dqm.py::"

# platform -> (method, path as the document writes it, test; one of its cases in brackets, or all of them)
ENDPOINTS: dict[str, list[tuple[str, str, str]]] = {
    "alteryx": [
        ("POST", "/v3/subscriptions", _ALTERYX + "test_create"),
        ("GET", "/v3/subscriptions", _ALTERYX_MANY + "test_every_filter_under_every_reading"),
        ("GET", "/v3/subscriptions/{subscriptionId}", _ALTERYX_MANY + "test_details"),
        ("PUT", "/v3/subscription/{subscriptionId}", _ALTERYX + "test_where_an_update_goes_is_found_out_once"),
        (
            "PUT",
            "/v3/subscriptions/{subscriptionId}",
            _ALTERYX + "test_update_sends_what_was_not_declared_as_it_was",
        ),
        ("DELETE", "/v3/subscriptions", _ALTERYX + "test_delete_names_the_id_in_the_query"),
        ("PUT", "/v3/subscriptions/{subscriptionId}/users", _ALTERYX + "test_a_move_is_shown_from_and_to"),
        ("GET", "/v3/users", _ALTERYX + "test_an_email_of_two_users_is_refused"),
        ("GET", "/v3/users/{id}/assets", _ALTERYX_MANY + "test_what_a_user_owns"),
    ],
    "datasentinel": [
        ("POST", "/users/{email}", _DS + "test_create"),
        ("GET", "/users/{email}", _DS + "test_roles_that_put_ignores_are_assigned_one_by_one"),
        ("PUT", "/users/{email}", _DS + "test_update_sends_what_was_not_declared_as_it_was"),
        ("DELETE", "/users/{email}", _DS + "test_delete"),
        (
            "POST",
            "/users/{email}/role/{role name}",
            _DS + "test_roles_alone_use_the_role_calls_and_the_new_one_goes_first",
        ),
        (
            "DELETE",
            "/users/{email}/role/{role name}",
            _DS + "test_roles_alone_use_the_role_calls_and_the_new_one_goes_first",
        ),
        ("GET", "/users", _DS + "test_list_and_show"),
        ("POST", "/user-token", _FAULTS + "test_five_hundred_users_cost_one_listing_and_a_write_each"),
    ],
    "devo": [
        ("POST", "/user/internal", _DEVO_USERS + "test_every_proof_reads_and_writes"),
        (
            "PUT",
            "/user/email/{userEmail}/domain/{domainName}/role",
            _DEVO_USERS + "test_roles_of_one_who_has_two[exchanged]",
        ),
        (
            "DELETE",
            "/user/email/{userEmail}/domain/{domainName}/role",
            _DEVO_USERS + "test_roles_of_one_who_has_two[taken away]",
        ),
        ("GET", "/v2/accounts/{accountName}/tokens", _DEVO_TOKENS + "test_info"),
        (
            "GET",
            "/v2/accounts/{accountName}/tokens/{tokenId}",
            _DEVO_TOKENS + "test_info_returns_secrets_of_what_is_asked_for",
        ),
        (
            "POST",
            "/v2/accounts/{accountName}/tokens",
            _DEVO_TOKENS + "test_the_secret_is_saved_whatever_the_creation_answers",
        ),
        ("PUT", "/v2/accounts/{accountName}/tokens/{tokenId}/enable", _DEVO_TOKENS + "test_enable_and_disable"),
        ("PUT", "/v2/accounts/{accountName}/tokens/{tokenId}/disable", _DEVO_TOKENS + "test_enable_and_disable"),
        (
            "PUT",
            "/v2/accounts/{accountName}/tokens/{tokenId}/rename",
            _DEVO_TOKENS + "test_rename_whatever_the_key_of_the_new_name",
        ),
        (
            "DELETE",
            "/v2/accounts/{accountName}/tokens/{tokenId}",
            "tests/unit/services/test_devo_tokens_at_stake.py::test_purge_removes_each_of_two_tokens_of_one_name",
        ),
    ],
    "dbsync": [
        ("POST", "/registerUser", _DBSYNC + ".py::test_register_reads_first_and_costs_one"),
        ("POST", "/unregisterUser", _DBSYNC + ".py::test_unregister_gives_no_quota_back"),
        ("POST", "/authenticateUser", _DBSYNC + "_info.py::test_verify_asks_for_each_user"),
        ("POST", "/licenseDetails", _DBSYNC + "_info.py::test_filters_hold_whatever_the_server_does"),
    ],
    "dqm": [
        ("POST", "/dqm-security/v1/authenticate", _DQM + "test_own_clients_sorted_by_name"),
        ("GET", "/dqm-identity/v1/users/{userId}/clients", _DQM + "test_own_clients_sorted_by_name"),
        (
            "GET",
            "/dqm-identity/v1/v1/users/{userId}/clients",
            _DQM + "test_the_doubled_path_is_tried_where_there_is_no_single_one",
        ),
    ],
}
