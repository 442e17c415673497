# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What needs what: order, levels, longest chain, what is blocked. `Edges` is `{key: keys that it needs}`."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError

if TYPE_CHECKING:
    from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack

Edges = Mapping[str, frozenset[str]]


def edges_of(stacks: Mapping[str, Stack]) -> dict[str, frozenset[str]]:
    """Edges by parameters, service roles and `needs`; references to stacks outside the graph are left out."""
    found = {}
    for key, stack in stacks.items():
        wanted = {*stack.needs, *(value.stack for value in stack.parameters.values() if hasattr(value, "stack"))}
        if stack.service_role:
            wanted.add(stack.service_role.stack)
        found[key] = frozenset(wanted & set(stacks))
    return found


def cycle(edges: Edges) -> list[str]:
    """A cycle as a path whose first key is also its last, empty if there is none."""
    done: set[str] = set()
    for start in sorted(edges):
        if start in done:
            continue
        path, on_path = [start], {start}
        iterators = [iter(sorted(edges[start]))]
        while iterators:
            following = next(iterators[-1], None)
            if following is None:
                iterators.pop()
                left = path.pop()
                on_path.discard(left)
                done.add(left)
            elif following in on_path:
                return [*path[path.index(following) :], following]
            elif following not in done:
                path.append(following)
                on_path.add(following)
                iterators.append(iter(sorted(edges.get(following, ()))))
    return []


def levels(edges: Edges) -> list[list[str]]:
    """Keys in waves: each needs only keys of earlier ones. Raises StackError with the path of a cycle."""
    path = cycle(edges)
    if path:
        raise StackError(f"the stacks need each other in a circle: {' -> '.join(path)}; take one of these references out")
    waves: list[list[str]] = []
    missing = {key: len(needs) for key, needs in edges.items()}
    users = reversed_edges(edges)
    wave = sorted(key for key, count in missing.items() if count == 0)
    while wave:
        waves.append(wave)
        following = []
        for key in wave:
            for user in users[key]:
                missing[user] -= 1
                if missing[user] == 0:
                    following.append(user)
        wave = sorted(following)
    return waves


def longest_chain(edges: Edges, seconds: Mapping[str, float]) -> tuple[float, list[str]]:
    """(seconds, keys in order) of the chain that the graph cannot be faster than; a key without seconds takes none."""
    ends: dict[str, tuple[float, str | None]] = {}
    for wave in levels(edges):
        for key in wave:
            before = max(sorted(edges[key]), key=lambda other: ends[other][0], default=None)
            ends[key] = ((ends[before][0] if before else 0.0) + seconds.get(key, 0.0), before)
    if not ends:
        return 0.0, []
    last: str | None = max(sorted(ends), key=lambda key: ends[key][0])
    total, chain = ends[last][0], []
    while last is not None:
        chain.append(last)
        last = ends[last][1]
    return total, chain[::-1]


def ready(edges: Edges, done: Iterable[str], started: Iterable[str] = ()) -> list[str]:
    """Keys not done or started whose needs are all done, sorted."""
    finished = set(done)
    return sorted(key for key, needs in edges.items() if key not in finished and key not in set(started) and needs <= finished)


def needed_by(edges: Edges, keys: Iterable[str]) -> frozenset[str]:
    """The keys and all they need, near and far."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += edges.get(key, ())
    return frozenset(found)


def awaited(stacks: Mapping[str, Stack], wait_for: str) -> frozenset[str]:
    """Keys of the stacks `needed_for` it and all they need; all keys where `wait_for` is empty. Raises StackError if nothing is needed for it."""
    if not wait_for:
        return frozenset(stacks)
    wanted = [key for key, stack in stacks.items() if wait_for in stack.needed_for]
    if not wanted:
        known = sorted({word for stack in stacks.values() for word in stack.needed_for})
        raise StackError(f"wait_for is {wait_for!r}, which no stack is needed_for; it is one of {', '.join(known) or 'none'}, or empty for all")
    return needed_by(edges_of(stacks), wanted)


def reversed_edges(edges: Edges) -> dict[str, frozenset[str]]:
    """The edges for a deletion: a stack waits for all that need it."""
    found: dict[str, set[str]] = {key: set() for key in edges}
    for key, needs in edges.items():
        for other in needs:
            found.setdefault(other, set()).add(key)
    return {key: frozenset(users) for key, users in found.items()}


def blocked(edges: Edges, failed: Mapping[str, str]) -> dict[str, str]:
    """`{key: why}` of all stacks that need one of `failed` (`{key: cause}`), near or far; the why names the path to it. The failed ones are not in it."""
    users = reversed_edges(edges)
    paths: dict[str, list[str]] = {key: [key] for key in sorted(failed)}
    waiting = sorted(failed)
    # Breadth first, so that the path named is a shortest one.
    for key in waiting:
        for user in sorted(users.get(key, ())):
            if user not in paths:
                paths[user] = [user, *paths[key]]
                waiting.append(user)
    return {
        key: f"needs {path[1]}{f' (which needs {", which needs ".join(path[2:])})' if len(path) > 2 else ''}: {failed[path[-1]]}"
        for key, path in sorted(paths.items())
        if key not in failed
    }
