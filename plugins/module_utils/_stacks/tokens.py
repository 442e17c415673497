# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Client request tokens: the same for the same intent, another after a failure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

OPERATIONS = ("create", "update", "delete", "import", "continue", "rollback", "change-set")


def request_token(key: str, operation: str, digest: str, parameters: Mapping[str, str], attempt: int) -> str:
    """A ClientRequestToken (letters, digits, hyphens, < 128).

    `attempt`: the millisecond in which the run began, as a token that is used again after a failure gets the old answer.
    """
    if operation not in OPERATIONS:
        raise ValueError(f"operation is {operation!r}; it is one of {', '.join(OPERATIONS)}")
    # JSON keeps apart what mere joining would not: ("ab", "c") and ("a", "bc").
    whole = json.dumps([key, operation, digest, sorted(parameters.items()), attempt], ensure_ascii=True)
    return f"llmops-{operation}-{hashlib.sha256(whole.encode()).hexdigest()[:40]}-{attempt}"


def change_set_name(token: str) -> str:
    """A ChangeSetName (a letter first, letters, digits and hyphens, < 128) made of the token."""
    return f"llmops-{hashlib.sha256(token.encode()).hexdigest()[:24]}"
