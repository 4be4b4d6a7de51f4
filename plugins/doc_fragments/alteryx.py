# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach an Alteryx Server."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: address and credentials."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Base URL of the API, as in V(https://alteryx.example.com/webapi).
      - Required, here or in E(ALTERYX_API_URL).
    type: str
  client_id:
    description:
      - API access key of a user with the role Curator who has API access. It is under C(My Profile), C(Keys).
      - Taken from E(ALTERYX_CLIENT_ID) if no credential is given as an option.
    type: str
  client_secret:
    description:
      - API access secret that belongs to O(client_id).
      - Taken from E(ALTERYX_CLIENT_SECRET) if no credential is given as an option.
    type: str
  api_token:
    description:
      - An access token, instead of O(client_id) and O(client_secret). It lives about an hour and cannot be renewed.
      - Taken from E(ALTERYX_API_TOKEN) if no credential is given as an option.
    type: str
"""
