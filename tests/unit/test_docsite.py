# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site: links that hold in the repository and on the site, and a wrong one is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsite import check, markdown, pages, source

TEXT = """# Two words, `code_too`

See [it](there.md#part), ![a picture](images/a.svg) and `[no](link)`.

## Again

## Again

```
[neither](this)
```
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two guides, a file outside of them, and a list of contents that names one of the guides."""
    files = {
        "docs/README.md": "# Guides\n\n## First\n\n- [One](one.md)\n\n## Last\n\n- [A file](../plugins/a.py)\n",
        "docs/one.md": "# One\n\n[two](two.md#a-part), [code](../plugins/a.py) and [data](a.json)\n",
        "docs/two.md": f"# Two\n\n## A part\n\n[one]({pages.REPOSITORY}blob/main/docs/one.md)\n",
        "docs/a.json": "{}",
        "plugins/a.py": "",
        **dict.fromkeys(pages.ELSEWHERE, "# Elsewhere\n"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_links_and_anchors_are_found_and_code_is_none() -> None:
    found = markdown.read(TEXT)
    assert [link.target for link in found.links] == ["there.md#part", "images/a.svg"]
    assert found.anchors == {"two-words-code_too", "again", "again-1"}


def test_links_are_replaced_and_code_stays() -> None:
    made = {"there.md#part": "here", "link": "no", "this": "no"}
    assert markdown.with_links(TEXT, made) == TEXT.replace("there.md#part", "here")


def test_a_page_of_the_site_links_to_pages_files_and_the_repository(repository: Path) -> None:
    text = pages.text_on_site("docs/one.md", repository)
    assert "[two](two.md#a-part)" in text
    assert f"[code]({pages.REPOSITORY}blob/main/plugins/a.py)" in text
    assert "[data](a.json)" in text
    assert "[one](one.md)" in pages.text_on_site("docs/two.md", repository)


def test_a_page_that_is_called_by_its_file_is_called_by_its_title(repository: Path) -> None:
    (repository / "docs" / "one.md").write_text("# One\n\n[two.md](two.md), [a.json](a.json)\n")
    assert pages.text_on_site("docs/one.md", repository) == "# One\n\n[](two.md), [a.json](a.json)\n"


def test_a_guide_that_nobody_lists_is_on_the_site_all_the_same(repository: Path) -> None:
    first, last = pages.sections(repository)
    assert first == pages.Section("First", ("one",))
    assert last == pages.Section("Last", ("two", *pages.ELSEWHERE.values()))


def test_the_sources_of_the_site_are_whole(repository: Path, tmp_path: Path) -> None:
    place = tmp_path / "made" / "source"
    source.write(place, repository)
    assert {path.stem for path in place.glob("*.md")} == set(pages.names(repository).values())
    assert (place / "a.json").read_text() == "{}"
    assert (
        (place / "index.md")
        .read_text()
        .endswith(":caption: Reference\n\nModules, roles, plugins <reference/index>\nansible-core\n```\n")
    )


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("one.md", None),
        ("two.md#a-part", None),
        ("#one", None),
        ("two.md#no-part", "has no such heading"),
        ("three.md", "does not exist"),
        ("../../outside.md", "does not exist"),
        (f"{pages.REPOSITORY}blob/main/docs/two.md#a-part", None),
        (f"{pages.REPOSITORY}blob/main/docs/three.md", "does not exist"),
        (f"{pages.REPOSITORY}issues", None),
        ("https://example.com/a#b", None),
        ("mailto:somebody@example.com", None),
        ("mailto:somebody", "is no e-mail address"),
        ("http://example.com/", "is not https"),
        ("https://somewhere/", "has no host that the world knows"),
    ],
)
def test_a_wrong_link_is_found(repository: Path, target: str, reason: str | None) -> None:
    (repository / "docs" / "one.md").write_text(f"# One\n\n[it]({target})\n")
    found = list(check.Repository(repository).wrong("docs/one.md"))
    assert found == ([f"docs/one.md:3: {target} {reason}"] if reason else [])


def test_the_readme_has_absolute_links_alone(repository: Path) -> None:
    (repository / "README.md").write_text("# It\n\n[one](docs/one.md), [below](#it)\n")
    (found,) = check.Repository(repository).wrong("README.md")
    assert "docs/one.md is relative" in found


def test_a_wrong_link_of_a_site_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html#there">b</a><a href="b.html#not">b</a><img src="c.svg">')
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1><a href="https://example.com/x">away</a>')
    assert list(check.wrong_on_site(tmp_path)) == [
        "a.html: b.html#not has no such anchor",
        "a.html: c.svg does not exist",
    ]
