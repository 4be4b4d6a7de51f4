# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts: regions of a file that a command writes, and YAML in the form in which this repository holds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

WIDTH = 120
_REGION = re.compile(
    r"^(?P<indent>[ ]*)(?P<open># |<!-- )BEGIN (?P<what>[a-z_ ]+) \(tools/document\.py\)(?P<close>| -->)\n"
    r".*?"
    r"^[ ]*(?P=open)END (?P=what)(?P=close)\n",
    re.MULTILINE | re.DOTALL,
)


def fill_regions(text: str, content: Callable[[str, int], str]) -> str:
    """`text` with each region's lines made anew by `content(what, indent)`."""

    def fill(match: re.Match[str]) -> str:
        indent, what = match["indent"], match["what"]
        begin = f"{indent}{match['open']}BEGIN {what} (tools/document.py){match['close']}\n"
        return f"{begin}{content(what, len(indent))}{indent}{match['open']}END {what}{match['close']}\n"

    return _REGION.sub(fill, text)


def region(what: str, indent: int = 0) -> str:
    """An empty region, for a file that has none yet."""
    space = " " * indent
    return f"{space}# BEGIN {what} (tools/document.py)\n{space}# END {what}\n"


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key, and short ones of plain values stand on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        short = len(getattr(self.event, "value", "")) < WIDTH // 2
        return '"' if style == "'" and short else style


def _is_word(item: Any) -> bool:
    return isinstance(item, str) and re.fullmatch(r"[\w.@/*-]+( [\w.@/*-]+)?", item) is not None


def _represent_list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    plain = all(isinstance(item, (bool, int, float)) or _is_word(item) for item in data)
    flow = plain and len(str(data)) < WIDTH // 2
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


_Dumper.add_representer(list, _represent_list)


def to_yaml(data: Any, indent: int) -> str:
    """`data` as YAML lines, each `indent` blanks in."""
    if not data:
        return ""
    # PyYAML breaks a line after the word that reaches the width.
    width = WIDTH - 30 - indent
    dumped = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width)
    return "".join(" " * indent + line if line.strip() else line for line in dumped.splitlines(keepends=True))


def redirected(documentation: Any, option: Callable[[str], str], value: Callable[[str], str]) -> Any:
    """Documentation whose references O(name) and RV(name) are made anew by `option` and `value`, from name to name."""

    def made(match: re.Match[str]) -> str:
        return f"{match['mark']}({(option if match['mark'] == 'O' else value)(match['name'])}"

    if isinstance(documentation, str):
        return re.sub(r"\b(?P<mark>O|RV)\((?P<name>[\w.]+)(?=[=)])", made, documentation)
    if isinstance(documentation, list):
        return [redirected(item, option, value) for item in documentation]
    if isinstance(documentation, dict):
        return {key: redirected(item, option, value) for key, item in documentation.items()}
    return documentation


def on_a_line(value: Any) -> str:
    """A value as a person would write it in YAML, on one line."""
    if isinstance(value, str) and value:
        return value
    return str(yaml.safe_dump(value, default_flow_style=True)).partition("\n")[0]


def cell(text: str) -> str:
    """A text in a table of Markdown."""
    return text.replace("|", "\\|")
