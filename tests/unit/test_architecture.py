# SPDX-License-Identifier: GPL-3.0-or-later
"""The house keeps its plan: imports point one way."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from documentation import modules

from .import_rule import imports, violations

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
OURS = "ansible_collections.dataops.access.plugins.module_utils"


def python_files() -> list[Path]:
    return sorted(PLUGINS.rglob("*.py"))


def module_names() -> set[str]:
    return {path.stem for path in (PLUGINS / "modules").glob("*.py")}


def platform_modules() -> set[str]:
    """The modules that talk to a platform: those that import the runner."""
    return {name for name in module_names() if imports_runner(PLUGINS / "modules" / f"{name}.py")}


def imports_runner(module: Path) -> bool:
    path = PurePosixPath(module.relative_to(PLUGINS).as_posix())
    return f"{OURS}.runner" in {each.module for each in imports(path, module.read_text())}


def test_imports_point_one_way() -> None:
    wrong = [
        line
        for path in python_files()
        for line in violations(PurePosixPath(path.relative_to(PLUGINS).as_posix()), path.read_text())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("module_utils/core/plan.py", f"from {OURS}.http import client"),
        ("module_utils/core/plan.py", f"import {OURS}.services.devo"),
        ("module_utils/core/plan.py", "from ..http.client import Client"),
        ("module_utils/core/plan.py", "from .. import runner"),
        ("module_utils/core/plan.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("module_utils/core/plan.py", f"def late():\n    from {OURS}.http import client"),
        ("module_utils/core/plan.py", f"if TYPE_CHECKING:\n    from {OURS}.http import client"),
        ("module_utils/core/plan.py", "try:\n    import requests\nexcept ImportError:\n    pass"),
        ("module_utils/http/auth.py", f"from {OURS}.core.plan import plan"),
        ("module_utils/http/auth.py", f"from {OURS}.core import plan"),
        ("module_utils/http/auth.py", "try:\n    import requests\nexcept ImportError:\n    pass"),
        ("module_utils/http/session.py", "import requests"),
        ("module_utils/http/session.py", "try:\n    pass\nexcept ImportError:\n    import requests"),
        ("module_utils/services/devo.py", f"from {OURS} import runner"),
        ("module_utils/services/devo.py", "from ansible.module_utils.common.text.converters import to_text"),
        (
            "module_utils/services/devo.py",
            "try:\n    from requests.auth import AuthBase\nexcept ImportError:\n    pass",
        ),
        ("module_utils/services/devo.py", "try:\n    import urllib3\nexcept ImportError:\n    pass"),
        ("module_utils/runner.py", f"from {OURS}.services import devo"),
        ("modules/devo_token.py", f"from {OURS}.http.client import Client"),
        ("modules/devo_token.py", f"from {OURS}.services.devo import A\nfrom {OURS}.services.dqm import B"),
        ("modules/devo_token.py", "from ansible_collections.community.dns.plugins.module_utils import names"),
        ("modules/devo_token.py", "from ansible_collections.dataops.access.plugins.filter import entitlements"),
        ("filter/entitlements.py", f"from {OURS}.services import devo"),
        ("action/report.py", f"from {OURS}.runner import run"),
        ("filter/entitlements.py", f"from {OURS}.runner import run"),
        ("plugin_utils/platforms.py", "import requests"),
        ("plugin_utils/audit/report.py", "from ansible.errors import AnsibleError"),
        ("plugin_utils/audit/report.py", f"from {OURS}.services import devo"),
        (
            "plugin_utils/audit/report.py",
            "from ansible_collections.dataops.access.plugins.plugin_utils import platforms",
        ),
        ("plugin_utils/platforms.py", "from ansible_collections.dataops.access.plugins.action import access_report"),
        ("module_utils/runner.py", "from ansible_collections.dataops.access.plugins.plugin_utils import platforms"),
        ("test/token.py", f"from {OURS}.core import secrets"),
        ("doc_fragments/devo.py", f"from {OURS}.core import resource"),
    ],
)
def test_an_arrow_that_points_back_is_found(path: str, source: str) -> None:
    assert len(violations(PurePosixPath(path), source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("module_utils/core/plan.py", "import json\nfrom .errors import AccessError"),
        ("module_utils/http/session.py", "try:\n    import requests\nexcept ImportError:\n    requests = None"),
        ("module_utils/http/retry.py", f"from {OURS}.core.errors import AccessError"),
        ("module_utils/http/pool.py", "try:\n    import urllib3\nexcept ImportError:\n    urllib3 = None"),
        ("module_utils/services/devo.py", f"from {OURS}.http.client import Client\nfrom ..core import plan"),
        (
            "module_utils/runner.py",
            f"from ansible.module_utils.basic import AnsibleModule\nfrom {OURS}.core import plan",
        ),
        ("modules/devo_token.py", f"from {OURS}.runner import run\nfrom {OURS}.services.devo import TOKENS"),
        ("filter/entitlements.py", f"from ansible.errors import AnsibleFilterError\nfrom {OURS}.core import people"),
        ("filter/entitlements.py", "from ansible_collections.dataops.access.plugins.plugin_utils import platforms"),
        (
            "plugin_utils/platforms.py",
            f"from {OURS}.services import devo, dqm\nfrom {OURS}.http.connection import Platform",
        ),
        ("modules/devo_token.py", f"from {OURS}.services.devo import A\nfrom {OURS}.services.devo_tokens import B"),
        ("doc_fragments/devo.py", "from __future__ import annotations"),
    ],
)
def test_an_arrow_that_points_down_is_allowed(path: str, source: str) -> None:
    assert violations(PurePosixPath(path), source) == []


def test_what_imports_the_runner_runs_a_service() -> None:
    assert platform_modules() == set(modules.modules())
