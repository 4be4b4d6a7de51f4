# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source file says under which licence it stands."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# REUSE-IgnoreStart: not what this file says of itself
SPDX = "# SPDX-License-Identifier: GPL-3.0-or-later"
PLUGIN_HEADER = f"""\
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
{SPDX}
"""
# REUSE-IgnoreEnd


def files_without(header: str, *directories: str) -> list[str]:
    files = [path for directory in directories for path in (ROOT / directory).rglob("*.py")]
    assert files
    return sorted(
        path.relative_to(ROOT).as_posix() for path in files if path.stat().st_size and header not in path.read_text()
    )


def test_plugins_have_the_header_that_ansible_asks_for() -> None:
    assert files_without(PLUGIN_HEADER, "plugins") == []


def test_the_text_of_the_licence_is_where_each_tool_looks_for_it() -> None:
    assert (ROOT / "LICENSES" / "GPL-3.0-or-later.txt").read_text() == (ROOT / "LICENSE").read_text()


def test_tests_and_tools_name_their_licence() -> None:
    assert files_without(SPDX, "tests", "tools") == []
