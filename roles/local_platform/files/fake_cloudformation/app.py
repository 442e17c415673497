# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One WSGI application: requests signed for CloudFormation are answered here, all others by moto."""

from __future__ import annotations

import base64
import binascii
import io
import json
import logging
import socket
import uuid
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from fake_cloudformation import api_change_sets
from fake_cloudformation import api_reading
from fake_cloudformation import api_stacks
from fake_cloudformation import cloud_control
from fake_cloudformation import drift
from fake_cloudformation import wire
from fake_cloudformation.control import PATH
from fake_cloudformation.control import control
from fake_cloudformation.errors import ApiError
from fake_cloudformation.errors import invalid
from fake_cloudformation.model import Place
from fake_cloudformation.service import Service

LOG = logging.getLogger("fake_cloudformation")
ACTIONS: dict[str, Callable[[Service, Place, dict[str, Any]], dict[str, Any]]] = {
    "CancelUpdateStack": api_stacks.cancel_update_stack,
    "ContinueUpdateRollback": api_stacks.continue_update_rollback,
    "CreateChangeSet": api_change_sets.create_change_set,
    "CreateStack": api_stacks.create_stack,
    "DeleteChangeSet": api_change_sets.delete_change_set,
    "DeleteStack": api_stacks.delete_stack,
    "DescribeChangeSet": api_change_sets.describe_change_set,
    "DescribeEvents": api_reading.describe_events,
    "DescribeStackDriftDetectionStatus": drift.describe_stack_drift_detection_status,
    "DescribeStackEvents": api_reading.describe_stack_events,
    "DescribeStackResource": api_reading.describe_stack_resource,
    "DescribeStackResourceDrifts": drift.describe_stack_resource_drifts,
    "DescribeStackResources": api_reading.describe_stack_resources,
    "DescribeStacks": api_reading.describe_stacks,
    "DetectStackDrift": drift.detect_stack_drift,
    "ExecuteChangeSet": api_change_sets.execute_change_set,
    "GetStackPolicy": api_reading.get_stack_policy,
    "GetTemplate": api_reading.get_template,
    "GetTemplateSummary": api_reading.get_template_summary,
    "ListChangeSets": api_change_sets.list_change_sets,
    "ListStackResources": api_reading.list_stack_resources,
    "ListStacks": api_reading.list_stacks,
    "RollbackStack": api_stacks.rollback_stack,
    "SetStackPolicy": api_stacks.set_stack_policy,
    "UpdateStack": api_stacks.update_stack,
    "UpdateTerminationProtection": api_stacks.update_termination_protection,
    "ValidateTemplate": api_reading.validate_template,
}
# Which list of an answer comes in pages.
PAGED = {
    "DescribeChangeSet": "Changes",
    "DescribeEvents": "OperationEvents",
    "DescribeStackEvents": "StackEvents",
    "DescribeStackResourceDrifts": "StackResourceDrifts",
    "DescribeStacks": "Stacks",
    "ListChangeSets": "Summaries",
    "ListStackResources": "StackResourceSummaries",
    "ListStacks": "StackSummaries",
}


class Application:
    """`account_of` tells the account of an access key, as moto does; `moto` answers what is not ours."""

    def __init__(self, service: Service, moto: Callable[..., Iterable[bytes]], account_of: Callable[[str], str]) -> None:
        self._service = service
        self._world = service.world
        self._moto = moto
        self._account_of = account_of

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PATH):
            status, said = control(self._world, environ["REQUEST_METHOD"], path, _body(environ))
            return _send(start_response, status, json.dumps(said, default=str).encode(), "application/json")
        if path == "/moto-api/reset":
            self._world.reset()
        scope = _scope(environ)
        if scope is None:
            return self._moto(environ, start_response)
        access_key, region, service = scope
        if region in self._world.settings.unreachable:
            # No answer comes, and no next request on this connection either.
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError(f"{region} is unreachable")
        if service not in ("cloudformation", "cloudcontrolapi"):
            return self._moto(environ, start_response)
        account = environ.get("HTTP_X_MOTO_ACCOUNT_ID") or self._account_of(access_key)
        if service == "cloudcontrolapi":
            status, said = cloud_control.answer(self._service, Place(account, region, access_key), environ.get("HTTP_X_AMZ_TARGET", ""), _body(environ))
            return _send(start_response, status, said, "application/x-amz-json-1.0")
        status, answer = self.answer(Place(account, region, access_key), dict(parse_qsl(_body(environ).decode(), keep_blank_values=True)))
        return _send(start_response, status, answer, "text/xml")

    def answer(self, place: Place, form: dict[str, str]) -> tuple[int, bytes]:
        request_id = str(uuid.uuid4())
        try:
            action = form.get("Action", "")
            model = wire.operation(action)
            throttle = self._world.settings.throttle(action)
            if throttle:
                raise ApiError(throttle["code"], "Rate exceeded")
            if action not in ACTIONS:
                raise ApiError("NotImplemented", f"This fake of CloudFormation has no {action}", 501)
            request = wire.read_request(model, form)
            return 200, wire.answer(model, self._paged(action, request, self._once(place, action, request)), request_id)
        except ApiError as error:
            return error.status, wire.error_answer(error, request_id)
        except Exception as error:
            LOG.exception("%s failed by itself", form.get("Action"))
            return 500, wire.error_answer(ApiError("InternalFailure", f"{type(error).__name__}: {error}", 500), request_id)

    def _once(self, place: Place, action: str, request: dict[str, Any]) -> dict[str, Any]:
        """A request whose token was answered before gets that answer again, whatever became of it."""
        token = request.get("ClientRequestToken") or request.get("ClientToken")
        if token is None:
            return ACTIONS[action](self._service, place, request)
        digest = json.dumps([action, request], sort_keys=True)
        known = self._world.tokens.get((place, token))
        if known is None:
            answer = ACTIONS[action](self._service, place, request)
            self._world.tokens[place, token] = (digest, answer)
            return answer
        if known[0] != digest:
            raise ApiError("TokenAlreadyExistsException", f"A client request token already exists: {token}")
        return known[1]

    def _paged(self, action: str, request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        key = PAGED.get(action)
        if key is None:
            return answer
        start = 0
        if "NextToken" in request:
            try:
                start = int(base64.urlsafe_b64decode(request["NextToken"]))
            except (ValueError, binascii.Error):
                raise invalid("Invalid NextToken") from None
        end = start + min(self._world.settings.page_size, request.get("MaxResults", 100))
        more = {"NextToken": base64.urlsafe_b64encode(str(end).encode()).decode()} if len(answer[key]) > end else {}
        return {**answer, key: answer[key][start:end], **more}


def _scope(environ: dict[str, Any]) -> tuple[str, str, str] | None:
    """Access key, region and service that a request was signed for."""
    for part in environ.get("HTTP_AUTHORIZATION", "").replace(",", " ").split():
        found = part.removeprefix("Credential=").split("/")
        if part.startswith("Credential=") and len(found) == 5:
            return found[0], found[2], found[3]
    return None


def _body(environ: dict[str, Any]) -> bytes:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _send(start_response: Callable[..., Any], status: int, body: bytes, kind: str) -> list[bytes]:
    start_response(f"{status} {'OK' if status == 200 else 'Error'}", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
