# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start: `PYTHONPATH=<folder above> python -m fake_cloudformation --host 127.0.0.1 --port 5000`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_cloudformation", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # An operator's own profiles are not for the calls that this process makes to itself.
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    # Roles may be given policies of AWS, which moto knows on request only.
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    # moto calls itself in places, by this port.
    os.environ.setdefault("MOTO_PORT", str(options.port))
    from fake_cloudformation import moto_patches
    from fake_cloudformation.resources import handler_of
    from fake_cloudformation.server import server

    moto_patches.apply()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    server(options.host, options.port, handler_of).serve_forever()


if __name__ == "__main__":
    main()
