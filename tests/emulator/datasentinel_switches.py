# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documents of Datasentinel's ds-api leave open."""

from __future__ import annotations

from .platform import Switch

SWITCHES = (
    Switch("generation", ("new", "old"), "new", "users have `roles` (2024.04 and later), or `role` and no comment"),
    Switch("put", ("partial", "full"), "partial", "PUT keeps the fields it is not given, or resets them to defaults"),
    Switch("put_ignores_roles", ("no", "yes"), "no", "`roles` is missing in one document's table of PUT"),
    Switch("put_ignores_live_360", ("no", "yes"), "no", "`live_360` is missing in one document's table of PUT"),
    Switch("put_status", ("200", "201"), "200", "status of PUT of a user"),
    Switch("unknown_user", ("404", "400", "200_error", "500"), "404", "answer about an unknown user; 500 has no body"),
    Switch("unknown_role", ("404", "400", "200_error", "500"), "404", "answer about an unknown role; 500 has no body"),
    Switch("unknown_key", ("400", "ignored"), "400", "answer to a key in the body that the server does not know"),
    Switch("lowercase_email", ("no", "yes"), "no", "the server lower-cases the e-mail of a new user"),
    Switch("email_match", ("insensitive", "exact"), "insensitive", "how the e-mail in the path finds a user"),
    Switch(
        "login_collision",
        ("409", "distinct"),
        "409",
        "two e-mails with one local part: refused, or the second gets its whole e-mail as login",
    ),
    Switch(
        "single_role_only",
        ("no", "yes", "refused"),
        "no",
        "the vendor's FAQ knows one role per user: `yes` keeps the last one given, `refused` answers 400 to a second",
    ),
    Switch("assign_status", ("200", "201"), "200", "status of assigning and removing a role"),
    Switch("assign_twice", ("ok", "409"), "ok", "answer to assigning a role that the user has"),
    Switch("remove_missing", ("ok", "404"), "ok", "answer to removing a role that the user does not have"),
    Switch("empty_post", ("ok", "400", "415"), "ok", "a POST without body is taken, or needs `{}` as JSON"),
    Switch("role_users", ("old", "new"), "old", "/roles/{role}/users shows `role` and no comment in the one example"),
    Switch("live_360", ("int", "str", "bool"), "int", "type of `live_360` in answers"),
    Switch(
        "comment",
        ("empty", "missing", "null", "unsupported"),
        "empty",
        'a user without comment has `""`, no key, or null; `unsupported` neither shows nor keeps comments',
    ),
    Switch(
        "error_body",
        ("error", "error_object", "message", "text", "html", "empty"),
        "error",
        'errors are `{"error": text}`, `{"error": {"message": text}}`, `{"message": text}`, plain text, HTML, nothing',
    ),
    Switch("forbidden", ("401", "403"), "403", "status for a caller who is not data admin with privilege admin"),
    Switch("login_name", ("both", "email", "login"), "both", "what names the account at log-in"),
    Switch("token", ("jwt", "opaque"), "jwt", "form of the session token"),
    Switch("token_rights", ("any", "admin"), "any", "who may create a session token"),
    Switch("token_info_key", ("token", "user-token"), "token", "query key of GET /user-token"),
    Switch("token_info_auth", ("none", "basic"), "none", "whether GET /user-token wants Basic authentication"),
    Switch("lockout", ("no", "yes"), "no", "whether five failed log-ins lock an account for five minutes"),
)
