# SPDX-License-Identifier: GPL-3.0-or-later
"""How long this collection takes, beside what a team would write without it: see docs/performance.md."""
