# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads the collection's filters before tasks run, so that no task has to load them again."""

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
type: aggregate
short_description: Load the collection's filters once a run
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Ansible runs each task on each host in a process of its own, forked from that of the run, and looks for a collection's filter by loading the files of
    filters one after another. What such a process loads is gone when it ends.
  - This callback loads them in the process of the run, so that all tasks find them there. It prints nothing and changes no result.
requirements:
  - Enabled in the configuration by C(callbacks_enabled).
"""

import contextlib
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import filter_loader
from ansible.plugins.loader import lookup_loader
from ansible.plugins.loader import test_loader

COLLECTION = "llmops.platform"


def preload() -> None:
    """Look for a filter that nobody has: the search loads every file of filters. Builtin filters, tests and lookups come with it."""
    for loader, name in ((filter_loader, f"{COLLECTION}.no_such_filter"), (test_loader, "ansible.builtin.no_such_test")):
        with contextlib.suppress(KeyError):
            loader.get_with_context(name)
    lookup_loader.get("ansible.builtin.template", class_only=True)


class CallbackModule(CallbackBase):
    """Nothing but the loading."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "llmops.platform.preload"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: Any) -> None:
        preload()
