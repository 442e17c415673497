# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer other than success is."""

from __future__ import annotations


class ApiError(Exception):
    """An error of the CloudFormation API: its code, its words, the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> ApiError:
    """The error that CloudFormation gives for nearly everything."""
    return ApiError("ValidationError", message)
