# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's server with this application in front of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.moto_server.werkzeug_app import MotoRequestHandler
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import BaseWSGIServer
from werkzeug.serving import make_server

from fake_cloudformation import schemas
from fake_cloudformation.app import Application
from fake_cloudformation.contract import Handler
from fake_cloudformation.model import Place
from fake_cloudformation.model import World
from fake_cloudformation.service import Clients
from fake_cloudformation.service import Service


def server(host: str, port: int, handler_of: Callable[[str], Handler | None]) -> BaseWSGIServer:
    """Bound and ready for serve_forever; port 0 takes a free one."""

    def client(place: Place, name: str) -> Any:
        return clients(place, name)

    service = Service(World(), client, handler_of)
    application = Application(service, DomainDispatcherApplication(create_backend_app), get_account_id_from)
    made = make_server(host, port, application, threaded=True, request_handler=MotoRequestHandler)
    clients = Clients(f"http://{host}:{made.server_port}")
    # The resource schemas take seconds to load: the first stack is not to wait for them.
    threading.Thread(target=schemas.type_of, args=("us-east-1", "AWS::S3::Bucket"), daemon=True).start()
    return made
