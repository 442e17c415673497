# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake of AWS with the wire proxy before it."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.fake_aws import FakeAws
from tests.support.wire_proxy import WireProxy


class ProxiedAws(FakeAws):
    """`with ProxiedAws(folder) as fake`: `fake.environment` is for what talks to AWS through `fake.proxy`; `fake.client` goes past it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        self.proxy = WireProxy(self.url)
        self.environment = {**self.environment, "AWS_ENDPOINT_URL": self.proxy.url}

    def __enter__(self) -> ProxiedAws:
        self.start()
        self.proxy.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.proxy.__exit__(*error)
        self.stop()

    def reset(self) -> None:
        """Everything is forgotten: stacks, settings, resources, rules and calls of the proxy."""
        super().reset()
        self.proxy.rules.clear()
        self.proxy.calls.clear()

    def state(self) -> dict[str, Any]:
        """Stacks, resources and settings as the fake has them."""
        with urllib.request.urlopen(f"{self.url}/fake-cloudformation/state", timeout=30) as answer:
            return json.load(answer)

    def stacks(self) -> dict[str, dict[str, Any]]:
        """The stacks that exist, by `<region>/<name>`. Raises AssertionError where two have one name."""
        living = [stack for stack in self.state()["stacks"] if stack["status"] != "DELETE_COMPLETE"]
        found = {f"{stack['region']}/{stack['name']}": stack for stack in living}
        assert len(found) == len(living), f"two stacks of one name: {sorted(stack['id'] for stack in living)}"
        return found

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client that the proxy does not see: what people do by hand, and what the test looks at."""
        import boto3

        keys = {name.lower(): self.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        return boto3.client(service, region_name=region, endpoint_url=self.url, **keys)
