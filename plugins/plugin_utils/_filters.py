# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Pure functions as filters."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ansible.errors import AnsibleFilterError


def as_filter(name: str, function: Callable) -> Callable:
    """The function, with what is wrong in its input said as Ansible says it of filters."""

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except KeyError as error:
            raise AnsibleFilterError(f"{name} - {error} is missing") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise AnsibleFilterError(f"{name} - {error}") from error

    return filtered
