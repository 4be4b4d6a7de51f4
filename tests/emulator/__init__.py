# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulates the five vendor APIs on one loopback port, with state in memory (see README.md beside this file)."""
