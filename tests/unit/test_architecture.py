# SPDX-License-Identifier: GPL-3.0-or-later
"""The house keeps its plan: imports point one way, every module is in its platform's groups and in a target."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from documentation import modules

from .import_rule import imports, violations

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
TARGETS = ROOT / "tests" / "integration" / "targets"
OURS = "ansible_collections.dataops.access.plugins.module_utils"

MODULES = modules.modules()


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


def modules_of(platform: str) -> set[str]:
    return {name for name, module in MODULES.items() if module.service.platform.name == platform}


@pytest.fixture(scope="module")
def runtime() -> dict:
    return yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())


def group_members(runtime: dict, group: str) -> set[str]:
    members: set[str] = set()
    for entry in runtime["action_groups"][group]:
        if isinstance(entry, dict):
            for other in entry["metadata"]["extend_group"]:
                members |= group_members(runtime, other.removeprefix("dataops.access."))
        else:
            members.add(entry)
    return members


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
    assert platform_modules() == set(MODULES)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_module_is_named_for_its_platform(platform: str) -> None:
    own = modules_of(platform)
    starts = {name[:3] for name in own}
    assert len(starts) == 1, own
    assert [name for name in sorted(set(MODULES) - own) if name[:3] in starts] == []


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_the_group_of_a_platform_holds_its_modules(runtime: dict, platform: str) -> None:
    assert modules_of(platform) == group_members(runtime, platform)


def test_the_group_of_all_holds_every_platforms_modules(runtime: dict) -> None:
    assert group_members(runtime, "all") == set().union(*(group_members(runtime, name) for name in PLATFORMS))


def test_there_are_no_other_groups(runtime: dict) -> None:
    assert set(runtime["action_groups"]) == {*PLATFORMS, "all"}


def test_a_redirect_leads_to_a_member_of_a_group(runtime: dict) -> None:
    routes = runtime["plugin_routing"]["modules"].values()
    targets = {entry["redirect"] for entry in routes if "redirect" in entry}
    assert {target.removeprefix("dataops.access.") for target in targets} <= group_members(runtime, "all")


def actions(tasks: Any) -> Iterator[str]:
    """The full names of this collection's modules in tasks: as a key, or as the value of a variable."""
    if isinstance(tasks, dict):
        yield from (name for name in (*tasks, *tasks.values()) if is_ours(name))
        tasks = list(tasks.values())
    if isinstance(tasks, list):
        for each in tasks:
            yield from actions(each)


def is_ours(name: object) -> bool:
    return isinstance(name, str) and name.startswith("dataops.access.")


def test_an_integration_target_runs_every_platforms_modules_and_every_redirect(runtime: dict) -> None:
    run = {
        name.removeprefix("dataops.access.")
        for path in TARGETS.glob("*/tasks/*.yml")
        for name in actions(yaml.safe_load(path.read_text()))
    }
    assert (platform_modules() | set(runtime["plugin_routing"]["modules"])) - run == set()
