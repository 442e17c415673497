# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the add-on amazon-cloudwatch-observability is told: metrics of the containers, their logs by component, signals of the services."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

# Languages that the add-on can instrument: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Application-Signals-supportmatrix.html
LANGUAGES = ("dotnet", "java", "nodejs", "python")
# The keys of a record, in the order in which rules are asked: the narrowest first, as the first that fits takes the record.
KEYS = (("containers", "container_name"), ("apps", "labels']['app"), ("namespaces", "namespace_name"))
# As the add-on has it, apart from the rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-EKS-logs.html
INPUT = """\
[INPUT]
    Name tail
    Tag application.*
    Exclude_Path /var/log/containers/cloudwatch-agent*, /var/log/containers/fluent-bit*
    Path /var/log/containers/*.log
    multiline.parser docker, cri
    DB /var/fluent-bit/state/flb_container.db
    Mem_Buf_Limit 50MB
    Skip_Long_Lines On
    Refresh_Interval 10
    Rotate_Wait 30
    storage.type filesystem
    Read_from_Head ${READ_FROM_HEAD}

[FILTER]
    Name kubernetes
    Match application.*
    Kube_URL https://kubernetes.default.svc:443
    Kube_Tag_Prefix application.var.log.containers.
    Merge_Log On
    Merge_Log_Key log_processed
    K8S-Logging.Parser On
    K8S-Logging.Exclude Off
    Labels On
    Annotations Off
    Use_Kubelet On
    Kubelet_Port 10250
    Buffer_Size 0
"""


def _rules(groups: Iterable[Mapping[str, Any]]) -> list[str]:
    """`Rule <key> <pattern> <new tag> <keep>`: https://docs.fluentbit.io/manual/pipeline/filters/rewrite-tag"""
    found = []
    for option, key in KEYS:
        for group in groups:
            if names := group[option]:
                pattern = "|".join(re.escape(name).replace("\\-", "-") for name in sorted(names))
                found.append(f"    Rule $kubernetes['{key}'] ^({pattern})$ component.{group['component']}.$TAG false")
    return found


def _output(match: str, group: str) -> str:
    """Groups exist: the add-on must make none, which would be without key and retention."""
    return "\n".join(
        (
            "[OUTPUT]",
            "    Name cloudwatch_logs",
            f"    Match {match}",
            "    region ${AWS_REGION}",
            f"    log_group_name {group}",
            "    log_stream_prefix ${HOST_NAME}-",
            "    auto_create_group false",
            "    extra_user_agent container-insights",
            "",
        )
    )


def application_log(groups: Iterable[Mapping[str, Any]], cluster: str) -> str:
    """Fluent Bit's `application-log.conf`: records of the components go to their groups, all others to the cluster's."""
    own = [group for group in groups if any(group[option] for option, _key in KEYS)]
    parts = [INPUT]
    if own:
        # The tag that it makes begins otherwise, so that no record is asked twice.
        head = ["[FILTER]", "    Name rewrite_tag", "    Match application.*", "    Emitter_Name components", "    Emitter_Storage.type filesystem"]
        parts.append("\n".join((*head, *_rules(own), "")))
    parts += [_output(f"component.{group['component']}.*", group["name"]) for group in own]
    parts.append(_output("application.*", f"/aws/containerinsights/{cluster}/application"))
    return "\n".join(parts)


def configuration(groups: Iterable[Mapping[str, Any]], settings: Mapping[str, Any]) -> str:
    """`ConfigurationValues` of the add-on as JSON text, the same each time.

    `groups`: as groups.log_groups gives them. `settings`: `{cluster, logs, signals, namespaces, languages, more}`; `more` is laid over all.
    Raises ValueError naming variable and remedy.
    """
    unknown = sorted(set(settings["languages"]) - set(LANGUAGES))
    if unknown:
        raise ValueError(f"cloudwatch_signal_languages: {', '.join(unknown)} is not known; it is one of {', '.join(LANGUAGES)}")
    found: dict[str, Any] = {"containerLogs": {"enabled": settings["logs"]}}
    if settings["logs"]:
        found["containerLogs"]["fluentBit"] = {"config": {"extraFiles": {"application-log.conf": application_log(groups, settings["cluster"])}}}
    # Nobody is instrumented unasked: the add-on would, as pods of all namespaces start.
    monitor: dict[str, Any] = {"monitorAllServices": False}
    if settings["signals"]:
        monitor["customSelector"] = {language: {"namespaces": sorted(settings["namespaces"])} for language in sorted(settings["languages"])}
    found["manager"] = {"applicationSignals": {"autoMonitor": monitor}}
    return json.dumps(_laid(found, settings["more"]), sort_keys=True, separators=(",", ":"))


def _laid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(below)
    for key, value in above.items():
        found[key] = _laid(found[key], value) if isinstance(value, Mapping) and isinstance(found.get(key), Mapping) else value
    return found
