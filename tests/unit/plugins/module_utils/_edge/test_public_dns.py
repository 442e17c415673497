# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to public DNS, against a server of our own on UDP and TCP."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._edge import lookup


def packed(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def answer(question, values, kind, flags=0x8180):
    """`values`: packed data of each answer, whose names point at the question."""
    head = question[:2] + struct.pack(">HHHHH", flags, 1, len(values), 0, 0)
    body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(value)) + value for value in values)
    return head + question[12:] + body


@contextmanager
def resolver(reply, by_tcp=None):
    """`reply(question)` gives the bytes, or None for silence."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # A port that is free for both.
    tcp = socket.create_server(("127.0.0.1", 0)) if by_tcp else None
    udp.bind(("127.0.0.1", tcp.getsockname()[1] if tcp else 0))

    def serve():
        try:
            while True:
                question, place = udp.recvfrom(512)
                if not question:
                    return
                if (sent := reply(question)) is not None:
                    udp.sendto(sent, place)
        except OSError:
            return

    def serve_tcp():
        try:
            line, _place = tcp.accept()
            with line:
                question = line.recv(512)[2:]
                sent = by_tcp(question)
                line.sendall(struct.pack(">H", len(sent)) + sent)
        except OSError:
            return

    for target in [serve, *([serve_tcp] if tcp else [])]:
        threading.Thread(target=target, daemon=True).start()
    port = udp.getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        udp.sendto(b"", ("127.0.0.1", port))
        udp.close()
        if tcp:
            tcp.close()


def test_an_alias_is_found():
    with resolver(lambda question: answer(question, [packed("_X.Acm-Validations.aws")], 5)) as place:
        assert lookup.look_up("_a.example.com", "CNAME", [place]) == ["_x.acm-validations.aws"]


@pytest.mark.parametrize(("kind", "data", "said"), [("A", [b"\xc0\x00\x02\x01"], ["192.0.2.1"]), ("TXT", [b"\x02ab\x01c"], ["abc"])])
def test_other_kinds(kind, data, said):
    with resolver(lambda question: answer(question, data, lookup.KINDS[kind])) as place:
        assert lookup.look_up("example.com", kind, [place]) == said


@pytest.mark.parametrize("flags", [0x8180, 0x8183])
def test_nothing_there_is_an_answer(flags):
    with resolver(lambda question: answer(question, [], 5, flags)) as place:
        assert lookup.look_up("example.com", "CNAME", [place]) == []


def test_an_answer_that_is_cut_comes_by_tcp():
    def whole(question):
        return answer(question, [packed("b.example.org")], 5)

    with resolver(lambda question: answer(question, [], 5, 0x8380), whole) as place:
        assert lookup.look_up("example.com", "CNAME", [place]) == ["b.example.org"]


@pytest.mark.parametrize(
    "reply",
    [
        lambda question: answer(question, [], 5, 0x8182),
        lambda question: b"\x00\x00" + answer(question, [], 5)[2:] if question[:2] != b"\x00\x00" else None,
        lambda question: b"short",
        # A name that points at itself.
        lambda question: question[:2] + struct.pack(">HHHHH", 0x8180, 0, 1, 0, 0) + b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, 2) + b"\xc0\x0c",
        lambda question: None,
    ],
    ids=["failed", "another", "short", "circle", "silent"],
)
def test_what_is_no_answer_passes_on_to_the_next(reply):
    with resolver(reply) as bad, resolver(lambda question: answer(question, [packed("b.org")], 5)) as good:
        assert lookup.look_up("example.com", "CNAME", [bad, good], timeout=0.5) == ["b.org"]
        with pytest.raises(lookup.NoAnswer, match=r"127\.0\.0\.1"):
            lookup.look_up("example.com", "CNAME", [bad], timeout=0.5)


def test_resolvers_of_this_machine(tmp_path):
    file = tmp_path / "resolv.conf"
    file.write_text("# a\nnameserver 192.0.2.53\noptions ndots:1\nnameserver ::1\n")
    assert lookup.own_resolvers(file) == ["192.0.2.53", "::1"]
    assert lookup.own_resolvers(tmp_path / "none") == []
