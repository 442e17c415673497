# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of IAM policies shows what the filters make."""

from __future__ import annotations

from tests.support import aws_permissions_page


def test_the_page_shows_the_policies():
    assert aws_permissions_page.PAGE.read_text(encoding="utf-8") == aws_permissions_page.page(), "run python -m tests.support.aws_permissions_page"
