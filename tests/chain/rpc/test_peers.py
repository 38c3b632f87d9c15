"""The table of connections: which ones make way, when their time is up, and what may wait in them."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.notices import Interest, Notice
from pysubtensor.chain.rpc.peers import LONGEST_HEADER, REFUSALS, STALLED_S, Peer, Peers, Phase
from pysubtensor.chain.rpc.turns import Turns

LIMITS = ServerLimits(
    connections=4, unread_bytes=100, unread_total=250, waiting_total=1000, header_s=10, body_s=10, body_rate=100
)


class Table:
    """A table at a time that the test sets, and the names of the connections that it ended."""

    def __init__(self, **limits: Any) -> None:
        self.now = 0.0
        self.ended: list[str] = []
        turns = Turns(lambda: self.now, lambda _: None)
        self.peers = Peers(LIMITS if not limits else ServerLimits(**limits), lambda: self.now, turns)

    def enter(self, name: str, phase: Phase = Phase.HEADER, at: float = 0.0) -> Peer:
        """Let a connection arrive."""
        self.now = at
        peer = self.peers.enter(lambda: self.ended.append(name))
        self.peers.enter_phase(peer, phase)
        return peer


@pytest.fixture
def table() -> Table:
    return Table()


# --- making way ----------------------------------------------------------------------------------------------


def test_those_that_asked_nothing_make_way_first_the_longest_silent_before_others(table: Table) -> None:
    asked = table.enter("asked", Phase.SOCKET)
    asked.messages = 1
    table.enter("answer", Phase.ANSWER)
    table.enter("body", Phase.BODY)
    table.enter("idle", Phase.IDLE)
    table.enter("new", at=3)
    table.enter("old", at=2)
    table.now = 5
    assert [table.peers.make_way() for _ in range(5)] == [True, True, True, True, False]
    assert table.ended == ["old", "new", "idle", "body"]
    assert len(table.peers) == 2


@pytest.mark.parametrize("phase", [Phase.BODY, Phase.READING, Phase.SOCKET])
def test_connections_make_way_only_after_a_second_without_a_byte(table: Table, phase: Phase) -> None:
    peer = table.enter("one", phase)
    table.now = 10
    table.peers.receive(peer, 1)
    table.now = 10 + STALLED_S - 0.01
    assert not table.peers.make_way()
    table.now = 10 + STALLED_S
    assert table.peers.make_way()


def test_a_request_is_admitted_in_place_of_an_idle_connection(table: Table) -> None:
    for number in range(4):
        table.enter(f"idle {number}", at=number)
    client = table.enter("client", at=9)
    assert table.peers.admits(client)
    assert table.ended == ["idle 0"]


def test_a_request_is_refused_if_all_others_are_busy(table: Table) -> None:
    busy = [table.enter(f"busy {number}", Phase.ANSWER) for number in range(4)]
    client = table.enter("client")
    assert not table.peers.admits(client)
    table.peers.leave(busy[0])
    assert table.peers.admits(client)
    assert table.ended == []


def test_more_than_the_limit_are_accepted_only_to_be_refused(table: Table) -> None:
    for number in range(4 + REFUSALS - 1):
        assert table.peers.accepts()
        table.enter(f"busy {number}", Phase.ANSWER)
    assert table.peers.accepts()
    assert not table.peers.accepts(pending=1)
    table.enter("idle")
    assert table.peers.accepts()
    assert table.ended == ["idle"]


# --- time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "end"),
    [(Phase.HEADER, 10.0), (Phase.BODY, 12.0), (Phase.READING, 30.0), (Phase.IDLE, 60.0), (Phase.SOCKET, 180.0)],
)
def test_each_phase_has_its_time(table: Table, phase: Phase, end: float) -> None:
    peer = table.enter("one")
    table.peers.receive(peer, 200)  # 2 s more for a body, at 100 bytes per second
    table.peers.enter_phase(peer, phase)
    table.now = end - 0.01
    table.peers.sweep()
    assert table.ended == []
    table.now = end
    table.peers.sweep()
    assert table.ended == ["one"]
    assert (len(table.peers), table.peers.waiting) == (0, 0)


def test_bytes_of_a_header_do_not_prolong_it_and_those_of_a_websocket_do(table: Table) -> None:
    header, socket = table.enter("header"), table.enter("socket", Phase.SOCKET)
    table.now = 9
    table.peers.receive(header, 1)
    table.peers.receive(socket, 1)
    table.now = 180
    table.peers.sweep()
    assert table.ended == ["header"]
    table.now = 189
    table.peers.sweep()
    assert table.ended == ["header", "socket"]


def test_an_answer_takes_its_time(table: Table) -> None:
    table.enter("one", Phase.ANSWER)
    table.now = 1e6
    table.peers.sweep()
    assert table.ended == []


def test_the_first_byte_of_the_next_request_begins_its_header(table: Table) -> None:
    peer = table.enter("one", Phase.IDLE)
    table.now = 20
    table.peers.receive(peer, 1)
    assert (peer.phase, peer.since) == (Phase.HEADER, 20)


# --- bytes of requests -----------------------------------------------------------------------------------------


def test_the_longest_silent_of_large_requests_is_ended_when_too_many_bytes_wait(table: Table) -> None:
    small, old, new = (table.enter(name, Phase.BODY) for name in ("small", "old", "new"))
    for second, (peer, size) in enumerate([(small, 10), (old, 600), (new, 390)]):
        table.now = second
        table.peers.receive(peer, size)
    assert (table.ended, table.peers.waiting) == ([], 1000)
    table.peers.receive(new, 1)
    assert (table.ended, table.peers.waiting) == (["old"], 401)


def test_many_small_parts_that_are_silent_are_ended_before_a_large_request_that_arrives(table: Table) -> None:
    for number in range(9):
        table.peers.receive(table.enter(f"part {number}", Phase.BODY, at=number), 100)
    client = table.enter("client", Phase.BODY, at=9)
    for _ in range(4):
        table.now += 1
        table.peers.receive(client, 100)
    assert table.ended == ["part 0", "part 1", "part 2"]


def test_a_request_that_is_being_answered_counts_but_is_not_ended(table: Table) -> None:
    answered, other = table.enter("answered", Phase.BODY), table.enter("other", Phase.BODY)
    table.peers.receive(answered, 900)
    table.peers.enter_phase(answered, Phase.ANSWER)
    table.peers.receive(other, 101)
    assert table.ended == ["other"]
    table.peers.consume(answered)
    assert table.peers.waiting == 0


def test_messages_are_consumed_by_their_size(table: Table) -> None:
    peer = table.enter("one", Phase.SOCKET)
    table.peers.receive(peer, 30)
    table.peers.consume(peer, 20)
    assert (peer.waiting, table.peers.waiting) == (10, 10)
    table.peers.consume(peer, 20)
    assert (peer.waiting, table.peers.waiting) == (0, 0)


def test_a_header_without_end_is_given_up() -> None:
    table = Table()
    table.peers.limits = ServerLimits()
    peer = table.enter("one")
    table.peers.receive(peer, LONGEST_HEADER)
    assert table.ended == []
    table.peers.receive(peer, 1)
    assert table.ended == ["one"]


# --- bytes of answers ------------------------------------------------------------------------------------------


def test_a_client_that_leaves_too_much_unread_is_ended(table: Table) -> None:
    peer = table.enter("one", Phase.SOCKET)
    table.peers.owe(peer, 100)
    table.peers.settle(peer, 50)
    table.peers.owe(peer, 50)
    assert table.ended == []
    table.peers.owe(peer, 1)
    assert (table.ended, table.peers.unread) == (["one"], 0)
    table.peers.owe(peer, 1)
    table.peers.settle(peer, 1)
    assert (table.ended, table.peers.unread) == (["one"], 0)


def test_the_client_with_most_unread_bytes_is_ended_when_too_many_wait(table: Table) -> None:
    slow, slower, third = (table.enter(name, Phase.SOCKET) for name in ("slow", "slower", "third"))
    table.peers.owe(slow, 90)
    table.peers.owe(slower, 100)
    table.peers.owe(third, 60)
    assert table.ended == []
    table.peers.owe(third, 1)
    assert (table.ended, table.peers.unread) == (["slower"], 151)


class Text(Notice):
    """A notice of some size."""

    def result(self, interest: Interest) -> bytes:
        return b"1"


def test_what_clients_share_counts_once_in_the_sum_and_for_each_of_them(table: Table) -> None:
    notice, clients = Text(90), [table.enter(f"client {number}", Phase.SOCKET) for number in range(4)]
    for client in clients:
        table.peers.share(client, notice)
    assert (table.peers.unread, [client.unread for client in clients]) == (90, [90] * 4)
    table.peers.owe(clients[2], 11)
    assert table.ended == ["client 2"]
    for client in clients:
        table.peers.unshare(client, notice)
    assert (table.peers.unread, notice.holders) == (0, 0)


def test_a_connection_that_is_ended_discards_what_waits_for_it(table: Table) -> None:
    notice, peer = Text(101), table.enter("one", Phase.SOCKET)
    peer.on_drop = lambda: table.peers.unshare(peer, notice)
    table.peers.share(peer, notice)
    assert (table.ended, table.peers.unread, peer.open) == (["one"], 0, False)
