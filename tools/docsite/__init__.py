# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation site is made of, beside the reference that antsibull-docs writes: see tools/stages/docs."""
