#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of local_process; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: local_process
short_description: A long-running program of the local environment
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Starts a program in the background on this machine and waits until it answers, or ends it.
  - The program is recognised by its process id together with its start time, so that another program which got the same id later is never touched.
  - A program whose command changed is started anew.
options:
  name:
    description: Name of the program in messages and files.
    type: str
    required: true
  state:
    description: Whether the program runs.
    type: str
    choices: [started, stopped]
    default: started
  directory:
    description: Folder of the local environment, for the record and the log.
    type: path
    required: true
  argv:
    description:
      - Program and arguments. C(%(NAME)s) is replaced by the port of that name.
      - Never put a secret here, every user of the machine can read it.
    type: list
    elements: str
    default: []
  ports:
    description: Names of the loopback ports to choose for the program. They stay the same until it is stopped.
    type: list
    elements: str
    default: []
  environment:
    description: Environment variables besides PATH, HOME and LANG.
    type: dict
    default: {}
  ready_url:
    description: The program is ready when an HTTP GET of this URL gives any answer below 500. C(%(NAME)s) is replaced as in O(argv).
    type: str
  timeout:
    description: Seconds until the program must be ready.
    type: int
    default: 60
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Start the fake of AWS
  llmops.platform.local_process:
    name: moto
    directory: /home/me/project/.local
    argv: [moto_server, --host, 127.0.0.1, --port, "%(http)s"]
    ports: [http]
    ready_url: "http://127.0.0.1:%(http)s/moto-api/data.json"
"""

RETURN = r"""
process:
  description: The running program; the same is written to C(state/processes/NAME.json) below O(directory).
  returned: when O(state=started)
  type: dict
  sample: {name: moto, pid: 4711, created: 1763700000.1, ports: {http: 21007}, command: 5d41402abc4b, log: /home/me/project/.local/log/moto.log}
restarted_after_crash:
  description: The program had been started before, was not stopped, and was no longer there. What it kept in memory is lost.
  returned: when O(state=started)
  type: bool
  sample: false
"""
