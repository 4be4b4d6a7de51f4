# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in a file of Markdown: links and anchors, as GitHub and MyST both have them. Code is no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_TARGET = re.compile(r"(?<=\]\()[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?=\))")


@dataclass(frozen=True)
class Link:
    """One link or picture: where it leads, and the line where its paragraph begins, from 1."""

    target: str
    line: int


@dataclass(frozen=True)
class Text:
    """What of a file's text others refer to."""

    links: tuple[Link, ...]
    anchors: frozenset[str]


def read(text: str) -> Text:
    """The links of a Markdown text, and the anchors of its headings."""
    links: list[Link] = []
    anchors: dict[str, int] = {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for place, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else 1
        links += [Link(target, line) for target in _targets(token)]
        if token.type == "heading_open":
            slug = _slug(tokens[place + 1])
            count = anchors[slug] = anchors.get(slug, -1) + 1
            if count:
                anchors[f"{slug}-{count}"] = 0
    return Text(tuple(links), frozenset(anchors))


def _targets(token: Token) -> Iterator[str]:
    for child in [token, *(token.children or ())]:
        for name in ("href", "src"):
            value = child.attrGet(name)
            if value is not None:
                yield str(value)


def _slug(heading: Token) -> str:
    """The anchor that GitHub gives a heading."""
    said = "".join(child.content for child in heading.children or () if child.type in ("text", "code_inline"))
    return re.sub(r"[^\w\- ]", "", said.lower()).replace(" ", "-")


def with_links(text: str, made: dict[str, str]) -> str:
    """The text with other targets for the links that `made` names; what is code stays."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
            lines.append(line)
        elif mark:
            fence = mark[1]
            lines.append(line)
        else:
            lines.append(_replaced(line, made))
    return "".join(lines)


def _replaced(line: str, made: dict[str, str]) -> str:
    code = [match.span() for match in _SPAN.finditer(line)]

    def replace(match: re.Match[str]) -> str:
        inside = any(begin <= match.start() < end for begin, end in code)
        return match[0] if inside else made.get(match[0], match[0])

    return _TARGET.sub(replace, line)
