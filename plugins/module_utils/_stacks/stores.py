# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Where the lock, the journal and the last outputs lie: the state bucket, or files of this machine while it cannot be reached."""

from __future__ import annotations

import datetime
import email.utils
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

# 412: the object is (or is not) there as it should; 409: somebody writes it in this moment.
LOST_RACE = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
NOTHING = ("NoSuchKey", "NoSuchBucket", "404")


@dataclass(frozen=True)
class Kept:
    """What was read: the content, a mark that changes with every write, and the seconds since it was written by the store's own clock."""

    body: bytes
    mark: str
    age: float


class BucketStore:
    """Objects below one prefix of the state bucket."""

    def __init__(self, calls: Any, region: str, bucket: str, prefix: str) -> None:
        self._calls, self._region, self._bucket, self._prefix = calls, region, bucket, prefix

    def __str__(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}"

    def _call(self, operation: str, name: str, **arguments: Any) -> dict[str, Any]:
        return self._calls(self._region, operation, "s3", Bucket=self._bucket, Key=f"{self._prefix}{name}", **arguments)

    def read(self, name: str) -> Kept | None:
        """None where there is none. Raises CallError."""
        try:
            answer = self._call("GetObject", name)
        except CallError as error:
            if error.code in NOTHING:
                return None
            raise
        date = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders", {}).get("date")
        now = email.utils.parsedate_to_datetime(date) if date else datetime.datetime.now(datetime.UTC)
        return Kept(answer["Body"].read(), answer["ETag"], (now - answer["LastModified"]).total_seconds())

    def write(self, name: str, body: bytes, only_new: bool = False, only_over: str | None = None) -> str | None:
        """The new mark; None if it was not there as asked (`only_new`: not at all, `only_over`: with that mark). Raises CallError."""
        condition = {"IfNoneMatch": "*"} if only_new else {"IfMatch": only_over} if only_over else {}
        try:
            return self._call("PutObject", name, Body=body, ContentType="application/json", **condition)["ETag"]
        except CallError as error:
            if condition and error.code in (*LOST_RACE, *NOTHING[:1]):
                return None
            raise

    def delete(self, name: str) -> None:
        """Raises CallError."""
        self._call("DeleteObject", name)


class FileStore:
    """Files of one folder, for one machine's runs."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __str__(self) -> str:
        return str(self._directory)

    def read(self, name: str) -> Kept | None:
        """None where there is none."""
        path = self._directory / name
        try:
            body = path.read_bytes()
            return Kept(body, hashlib.sha256(body).hexdigest(), time.time() - path.stat().st_mtime)
        except FileNotFoundError:
            return None

    def write(self, name: str, body: bytes, only_new: bool = False, only_over: str | None = None) -> str | None:
        """As in the bucket."""
        path = self._directory / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if only_new:
            try:
                with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
                    stream.write(body)
            except FileExistsError:
                return None
            return hashlib.sha256(body).hexdigest()
        if only_over and getattr(self.read(name), "mark", None) != only_over:
            return None
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(body)
        os.replace(beside, path)
        return hashlib.sha256(body).hexdigest()

    def delete(self, name: str) -> None:
        """What is not there is gone."""
        (self._directory / name).unlink(missing_ok=True)
