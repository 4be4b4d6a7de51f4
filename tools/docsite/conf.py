# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx: the guides in Markdown, and the reference that antsibull-docs has written beside them."""

from pathlib import Path

import yaml

project = "dataops.access"
author = "dataops.access contributors"
release = version = str(yaml.safe_load((Path(__file__).parents[2] / "galaxy.yml").read_text())["version"])

extensions = ["myst_parser", "sphinx_antsibull_ext"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["reference/environment_variables.rst"]  # those of plugins alone; the guides have all
# As GitHub makes them, so that one link holds in both places.
myst_heading_anchors = 6
myst_enable_extensions: list[str] = []
# What stands in the guides is what is printed and typed: no typographic quotes, no dashes out of options.
smartquotes = False

# References lead to this site alone: what ansible-core documents is named, and not linked.
nitpicky = False

html_theme = "furo"
html_title = f"dataops.access {release}"
html_show_sphinx = False
html_copy_source = False
html_use_index = False
highlight_language = "yaml+jinja"
