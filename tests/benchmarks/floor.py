# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: every object sent by a bare server-side apply over 8 kept-alive connections. `floor.py KUBECONFIG OBJECTS.json`.

No Ansible, no order, no reading, no proof, no retries: nothing that applies these objects one by one can be much faster.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

import yaml

CONNECTIONS = 8
MANAGER = "floor"


def plural(kind: str) -> str:
    word = kind.lower()
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def path(body: dict) -> str:
    """Path of a namespaced object."""
    prefix = "apis" if "/" in body["apiVersion"] else "api"
    return f"/{prefix}/{body['apiVersion']}/namespaces/{body['metadata']['namespace']}/{plural(body['kind'])}/{body['metadata']['name']}"


def access(kubeconfig: Path) -> tuple[str, ssl.SSLContext]:
    """Host and TLS context. Certificates may stand in the file or beside it."""
    document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]

    def pem(holder: dict, key: str) -> str:
        data = holder.get(f"{key}-data")
        return base64.b64decode(data).decode() if data else Path(holder[key]).read_text(encoding="utf-8")

    context = ssl.create_default_context(cadata=pem(cluster, "certificate-authority"))
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem(user, "client-certificate") + pem(user, "client-key"))
        file.flush()
        context.load_cert_chain(file.name)
    return urlsplit(cluster["server"]).netloc, context


def main(kubeconfig: str, objects: str) -> int:
    host, context = access(Path(kubeconfig))
    waiting = [(path(body), json.dumps(body)) for body in json.loads(Path(objects).read_text(encoding="utf-8"))]
    waiting.reverse()
    refused: list[str] = []

    def work() -> None:
        connection = http.client.HTTPSConnection(host, context=context, timeout=60)
        while waiting:
            try:
                where, body = waiting.pop()
            except IndexError:
                break
            connection.request("PATCH", f"{where}?fieldManager={MANAGER}", body=body, headers={"Content-Type": "application/apply-patch+yaml"})
            answer = connection.getresponse()
            received = answer.read()
            if answer.status >= 300:
                refused.append(f"{where}: {answer.status} {received[:300]!r}")
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A thread that died leaves its object unsent: who reads the objects afterwards notices.
    print("\n".join(refused[:5]))
    return 1 if refused or waiting else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
