# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach a Ledger tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: address and credentials."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Base URL of the API, as in V(https://ledger.example.com/api).
      - Required, here or in E(LEDGER_API_URL).
    type: str
  api_token:
    description:
      - A token with the right to manage accounts.
      - Taken from E(LEDGER_API_TOKEN) if no credential is given as an option.
    type: str
"""
