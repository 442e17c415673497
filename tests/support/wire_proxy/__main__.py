# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy as a process: `python -m tests.support.wire_proxy --target http://127.0.0.1:5000 --port 5001 --script rules.json`.

The script is a list of rules, such as `[{"action": "CreateStack", "nth": 2, "do": "throttle", "code": "RequestLimitExceeded"}]`.
It is ready when it prints its URL.
More rules, and the calls it saw, by HTTP below `/wire-proxy/`: GET and DELETE `calls` (`?mutating&user_agent=…`), GET, POST and DELETE `rules`.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.support.wire_proxy import WireProxy


def main(words: list[str]) -> int:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.wire_proxy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="URL of the server behind it")
    parser.add_argument("--port", type=int, default=0, help="to listen on, 0 for a free one")
    parser.add_argument("--script", type=Path, help="JSON file with a list of rules")
    parser.add_argument("--ca", type=Path, help="PEM file of the authority of a target behind TLS")
    parser.add_argument("--certificate", type=Path, nargs=2, metavar=("CERTIFICATE", "KEY"), help="PEM files for a target that asks for a client certificate")
    options = parser.parse_args(words)
    try:
        proxy = WireProxy(options.target, ca=options.ca, certificate=options.certificate, port=options.port)
        for rule in json.loads(options.script.read_text(encoding="utf-8")) if options.script else []:
            proxy.rules.add(**rule)
    except (OSError, TypeError, ValueError) as error:
        parser.error(str(error))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: ended.set())
    with proxy:
        print(proxy.url, flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
