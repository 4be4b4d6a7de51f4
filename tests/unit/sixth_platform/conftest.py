# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests below are those of a platform that there is only in a copy of the repository."""

collect_ignore_glob = ["*/**"]
