# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Figures of cost_usage that data services, telemetry and backups are counted by, and what is assumed where they are not declared."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged

# By name: what is counted. Each is a month's figure, or a percentage where its name says so.
DATA_NAMES = {
    "data_fill_percent": "percent of a declared volume or memory that holds data",
    "data_change_percent": "percent of the data that changes in a day",
    "database_backup_gb": "GB of the automatic and manual backups of all managed databases of the deployment",
    "restore_test_hours": "hours that a database restored for a test runs",
    "configuration_backup_gb": "GB of one backup of configuration, etcd, Vault, topics or cluster objects",
    "objects_gb": "GB in each bucket of the application",
    "log_objects_gb": "GB in each bucket for logs",
    "state_objects_gb": "GB in each bucket for state",
    "other_backup_objects_gb": "GB in each bucket for backups that backup_bucket does not name",
    "object_size_mb": "MB of an object, mean",
    "object_versions_percent": "GB of older versions in percent of the current ones, where versions are kept",
    "object_puts": "writes to each bucket besides new objects and backups",
    "object_gets": "reads of each bucket",
    "log_gb": "GB of logs that pods write, before compression",
    "log_info_percent": "percent of the logs that are of level info or above",
    "log_audit_percent": "percent of the logs that are of audit",
    "log_compression_ratio": "GB of logs that become one GB",
    "trace_gb": "GB of spans if every request were traced",
    "metric_series": "series that are measured at once",
    "metric_interval_seconds": "seconds between two samples of a series",
}

# Where nothing is declared. Judgement, not measurement: each line that uses one says so.
DEFAULTS = {
    "data_fill_percent": ranged(20, 50, 100),
    "data_change_percent": ranged(1, 5, 20),
    "restore_test_hours": ranged(1, 2, 6),
    "configuration_backup_gb": ranged("0.01", "0.1", 1),
    "object_size_mb": ranged(1, 1, 1),
    "object_versions_percent": ranged(0, 10, 100),
    "log_info_percent": ranged(80, 80, 80),
    "log_audit_percent": ranged(5, 5, 5),
    "metric_series": ranged(20000, 50000, 200000),
    "metric_interval_seconds": ranged(30, 30, 30),
}
