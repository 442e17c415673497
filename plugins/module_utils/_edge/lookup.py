# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A look at public DNS, as anybody outside sees it: one question by UDP, by TCP where the answer is cut (RFC 1035)."""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

KINDS = {"A": 1, "NS": 2, "CNAME": 5, "TXT": 16}
# Public resolvers are asked before the machine's own, which may know a private zone of the same name.
RESOLVERS = ("1.1.1.1", "8.8.8.8")


class NoAnswer(Exception):
    """Nobody answered, which says nothing of the name."""


def own_resolvers(path: Path = Path("/etc/resolv.conf")) -> list[str]:
    """Those of this machine."""
    if not path.exists():
        return []
    lines = (line.split() for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]


def look_up(name: str, kind: str, resolvers: Iterable[str], timeout: float = 3.0) -> list[str]:
    """The values at the name, in lower case without the dot at their end; none where there are none.

    `resolvers` are `address` or `address:port`, asked one after another. Raises NoAnswer.
    """
    said = []
    for resolver in resolvers:
        host, port = (resolver.rsplit(":", 1) + ["53"])[:2] if resolver.count(":") == 1 else (resolver, "53")
        try:
            return _asked(name, kind, (host, int(port)), timeout)
        except (OSError, ValueError, IndexError, struct.error) as error:
            said.append(f"{resolver}: {error or type(error).__name__}")
    raise NoAnswer("; ".join(said) or "there is no resolver")


def _asked(name: str, kind: str, place: tuple[str, int], timeout: float) -> list[str]:
    number = secrets.randbelow(65536)
    question = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + _packed(name) + struct.pack(">HH", KINDS[kind], 1)
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(timeout)
        # Connected, so that only that resolver's answers arrive.
        line.connect(place)
        line.send(question)
        answer = line.recv(4096)
    if struct.unpack(">H", answer[2:4])[0] & 0x0200:
        with socket.create_connection(place, timeout) as line:
            line.sendall(struct.pack(">H", len(question)) + question)
            answer = _received(line, struct.unpack(">H", _received(line, 2))[0])
    return _values(answer, number, KINDS[kind])


def _received(line: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = line.recv(length - len(data))
        if not part:
            raise OSError("the answer ended early")
        data += part
    return data


def _packed(name: str) -> bytes:
    labels = [label.encode("idna") if not label.isascii() else label.encode() for label in name.strip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _values(answer: bytes, number: int, kind: int) -> list[str]:
    given, flags, questions, answers, _authorities, _more = struct.unpack(">HHHHHH", answer[:12])
    if given != number:
        raise ValueError("an answer to another question")
    if flags & 0xF not in (0, 3):
        raise ValueError(f"the resolver answered with code {flags & 0xF}")
    at = 12
    for _question in range(questions):
        at = _name(answer, at)[1] + 4
    found = []
    for _answer in range(answers):
        at = _name(answer, at)[1]
        of_kind, _class, _ttl, length = struct.unpack(">HHIH", answer[at : at + 10])
        at += 10
        if of_kind == kind:
            found.append(_value(answer, at, length, kind))
        at += length
    return found


def _value(answer: bytes, at: int, length: int, kind: int) -> str:
    if kind == KINDS["A"]:
        return socket.inet_ntoa(answer[at : at + length])
    if kind == KINDS["TXT"]:
        text, end = b"", at + length
        while at < end:
            text += answer[at + 1 : at + 1 + answer[at]]
            at += 1 + answer[at]
        return text.decode("utf-8", "replace")
    return _name(answer, at)[0].lower()


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """The name and where what follows it begins. Raises ValueError for one that refers to itself."""
    labels, after, jumps = [], 0, 0
    while answer[at]:
        if answer[at] & 0xC0 == 0xC0:
            after = after or at + 2
            at = struct.unpack(">H", answer[at : at + 2])[0] & 0x3FFF
            jumps += 1
            if jumps > 20:
                raise ValueError("a name that refers to itself")
            continue
        labels.append(answer[at + 1 : at + 1 + answer[at]].decode("ascii", "replace"))
        at += 1 + answer[at]
    return ".".join(labels), after or at + 1
