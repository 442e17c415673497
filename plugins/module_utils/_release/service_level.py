# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Requests and errors of a service within a window, out of its counters in Prometheus."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import templates
from ansible_collections.llmops.platform.plugins.module_utils._canary.prometheus import Client
from ansible_collections.llmops.platform.plugins.module_utils._canary.prometheus import PrometheusError

LABELS = r"\{(?:[^\"'`{}]|\"(?:[^\"\\]|\\.)*\")*\}"
COUNTER = re.compile(rf"([a-zA-Z_:][a-zA-Z0-9_:]*)({LABELS})?")
WINDOW = re.compile(r"[1-9][0-9]*[mhdw]")

Ask = Callable[[str], "float | None"]


class ServiceLevelError(Exception):
    """Why the counters say nothing."""


def counters(options: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Counters of requests and of errors: the given ones, or those of a metric template, stable and canary together. Raises ServiceLevelError."""
    given = [options.get(key) for key in ("requests", "errors")]
    if any(given):
        for key, counter in zip(("requests", "errors"), given, strict=True):
            if not counter or not COUNTER.fullmatch(counter):
                said = f"is '{counter}', no counter" if counter else "is missing beside the other of requests and errors"
                raise ServiceLevelError(f'option {key} {said}; write its name and labels, without functions: http_requests_total{{app="cart"}}')
        return [given[0]], [given[1]]
    if not str(options["template"]).endswith("_errors"):
        raise ServiceLevelError(f"option template is '{options['template']}', which counts no errors; use one whose name ends in _errors")
    target = {key: options.get(key) for key in ("service", "namespace", "port") if options.get(key)}
    # Of these templates only the proxies' say which service is meant.
    own = not options["template"].startswith(("istio", "envoy"))
    target["labels"] = options.get("labels") or ({"service": options["service"]} if own else {})
    metric = {key: options[key] for key in ("template", "metric", "code_label") if options.get(key)}
    try:
        found = templates.queries("service_level", metric, target).values()
    except templates.TemplateError as error:
        raise ServiceLevelError(str(error)) from error
    return [arm["requests"] for arm in found], [arm["events"] for arm in found]


def measure(ask: Ask, requests: list[str], errors: list[str], window: str) -> dict[str, Any]:
    """`{requests, errors, problem, queries}`; None is no data. Raises ServiceLevelError."""
    if not WINDOW.fullmatch(window):
        raise ServiceLevelError(f"option window is '{window}'; write a number and m, h, d or w, for example 30d")
    queries = [[f"sum(increase({counter}[{window}]))" for counter in found] for found in (requests, errors)]
    found: dict[str, Any] = {"requests": _total(ask, queries[0]), "errors": None, "problem": None, "queries": [*queries[0], *queries[1]]}
    if found["requests"] is None:
        return found
    found["errors"] = _total(ask, queries[1])
    if found["errors"] is None and _known(ask, requests[0], errors[0]):
        # No series with an error, as there was none.
        found["errors"] = 0.0
    if found["errors"] is None:
        found["problem"] = f"it has requests, but no counter {_name(errors[0])}, so nobody knows how many failed"
    return found


def _total(ask: Ask, queries: list[str]) -> float | None:
    """Stable and canary together; None if neither has any."""
    values = [value for value in map(ask, queries) if value is not None]
    return sum(values) if values else None


def _name(counter: str) -> str:
    return counter.partition("{")[0]


def _known(ask: Ask, requests: str, errors: str) -> bool:
    """Whether the errors' counter exists, for whatever labels."""
    return _name(errors) == _name(requests) or bool(ask(f"count({_name(errors)})"))


def prometheus(options: Mapping[str, Any]) -> Ask:
    """A function that asks for the one number of a query: None where there is none. Both raise ServiceLevelError."""
    try:
        client = Client(dict(options))
    except PrometheusError as error:
        raise ServiceLevelError(str(error)) from error
    now = time.time()

    def ask(query: str) -> float | None:
        answer = client.value(query, now)
        if answer["status"] in ("ok", "empty", "nan"):
            return answer["value"]
        raise ServiceLevelError(f"Prometheus, {answer['status']}: {answer['message']}")

    return ask
