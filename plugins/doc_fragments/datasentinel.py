# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach a Datasentinel platform."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: address and credentials."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Base URL of the API, as in V(https://datasentinel.example.com/ds-api).
      - Required, here or in E(DATASENTINEL_API_URL).
    type: str
  api_username:
    description:
      - E-mail or login name of an account with the privilege V(admin) and the profile V(data admin).
      - Taken from E(DATASENTINEL_USERNAME) if no credential is given as an option.
    type: str
  api_password:
    description:
      - Password of that account.
      - Taken from E(DATASENTINEL_PASSWORD) if no credential is given as an option.
    type: str
  api_token:
    description:
      - An access token, instead of O(api_username) and O(api_password). It lives 24 hours and cannot be renewed.
      - Taken from E(DATASENTINEL_API_TOKEN) if no credential is given as an option.
    type: str
"""
