# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sixth platform adds to files that there are: a few lines each. Its own files stand beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent


@dataclass(frozen=True)
class Addition:
    """Lines that go below a line of a file."""

    file: str
    # That line, or several; they stand there once.
    below: str
    lines: str


_GROUP = '''
    GROUP_LEDGER = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/dataops.access.ledger) or C(group/dataops.access.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - dataops.access.ledger
      - dataops.access.all
"""
'''
_MODULES = ("ledger_account", "ledger_account_info", "ledger_accounts")
_ROUTES = "".join(f"{name}:\n  action_plugin: dataops.access.access_module\n" for name in _MODULES)
_CALLS = (("GET", "/accounts"), ("POST", "/accounts"), ("PUT", "/accounts/{id}"), ("DELETE", "/accounts/{id}"))
_TEST = "tests/unit/services/test_ledger.py::test_each_change_is_one_request_and_what_nobody_declared_stays"
_NAMED = f'    "ledger": {_CALLS},\n'
_TESTED = f'    "ledger": {[(*call, _TEST) for call in _CALLS]},\n'

ADDITIONS: tuple[Addition, ...] = (
    Addition(
        "plugins/doc_fragments/attributes.py", '      - dataops.access.devo\n      - dataops.access.all\n"""\n', _GROUP
    ),
    Addition("plugins/plugin_utils/platforms.py", "    dqm,\n", "    ledger,\n"),
    Addition("plugins/plugin_utils/platforms.py", "        dqm.PLATFORM,\n", "        ledger.PLATFORM,\n"),
    Addition(
        "plugins/plugin_utils/platforms.py",
        '    "ds_users": datasentinel.DatasentinelUsers,\n',
        '    "ledger_accounts": ledger.LedgerAccounts,\n',
    ),
    Addition("meta/runtime.yml", "          - dataops.access.dqm\n", "          - dataops.access.ledger\n"),
    Addition(
        "meta/runtime.yml",
        "  dqm:\n    - dqm_client_info\n",
        "  ledger:\n    - ledger_account\n    - ledger_account_info\n    - ledger_accounts\n",
    ),
    Addition("meta/runtime.yml", "plugin_routing:\n  modules:\n", indent(_ROUTES, "    ")),
    Addition("tests/emulator/platforms.py", "from .dqm import DQM\n", "from .ledger import Ledger\n"),
    Addition("tests/emulator/platforms.py", "    Devo,\n", "    Ledger,\n"),
    Addition("tests/contract/named.py", "NAMED: dict[str, tuple[tuple[str, str], ...]] = {\n", _NAMED),
    Addition("tests/endpoints.py", "ENDPOINTS: dict[str, list[tuple[str, str, str]]] = {\n", _TESTED),
)
