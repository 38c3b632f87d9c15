"""What waits for one client: responses, notices, pings and answers to pings, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from aiohttp import WSMsgType

from .notices import Followers, Notice
from .peers import Peer, Peers

#: Bytes of messages that are written at once, unless a single one is longer.
JOINED_BYTES = 64 * 1024
#: The bit in the first byte of a frame that says that it is a whole message.
WHOLE = 0x80


class Ping(bytes):
    """The payload of a ping that waits for its turn among the messages."""


class Pong(bytes):
    """The payload of an answer to a ping."""


OPCODES = {bytes: WSMsgType.TEXT, Ping: WSMsgType.PING, Pong: WSMsgType.PONG}


class Outbox:
    """The messages for a client, which count as unread until they are settled."""

    def __init__(self, peer: Peer, peers: Peers) -> None:
        self._peer, self._peers = peer, peers
        self._entries: deque[bytes | tuple[Notice, Followers]] = deque()
        #: The notifications of the first entry, if it is a notice of which some are made.
        self._notifications: Iterator[bytes] | None = None
        #: Bytes of messages that were taken and are not settled.
        self._taken = 0

    def __bool__(self) -> bool:
        return bool(self._entries) or self._taken > 0

    def __len__(self) -> int:
        return len(self._entries)

    def push(self, message: bytes) -> None:
        """Add a message, a `Ping` or a `Pong`."""
        self._entries.append(message)
        self._peers.owe(self._peer, len(message))

    def push_notice(self, notice: Notice, followers: Followers) -> None:
        """Add a notice, of which the notifications are made one at a time."""
        self._entries.append((notice, followers))
        self._peers.share(self._peer, notice)

    def take(self) -> list[bytes]:
        """Return the next messages, several if they are short; none if nothing waits."""
        messages: list[bytes] = []
        size, entries = 0, self._entries
        while entries and size < JOINED_BYTES:
            entry = entries[0]
            message = self._notification(*entry) if isinstance(entry, tuple) else entries.popleft()
            if isinstance(message, bytes):
                messages.append(message)
                size += len(message)
        self._taken = size
        return messages

    def _notification(self, notice: Notice, followers: Followers) -> bytes | None:
        """Make the next notification of the notice that is first; None, and take it out, if there is no other."""
        if self._notifications is None:
            self._notifications = notice.notifications(followers)
        for message in self._notifications:
            self._peers.owe(self._peer, len(message))
            return message
        self._notifications = None
        self._entries.popleft()
        self._peers.unshare(self._peer, notice)
        return None

    def settle(self) -> None:
        """Count what was taken as read."""
        taken, self._taken = self._taken, 0
        self._peers.settle(self._peer, taken)

    def clear(self) -> None:
        """Discard everything."""
        self.settle()
        self._notifications = None
        while self._entries:
            entry = self._entries.popleft()
            if isinstance(entry, tuple):
                self._peers.unshare(self._peer, entry[0])
            else:
                self._peers.settle(self._peer, len(entry))


def frames(messages: list[bytes]) -> list[bytes]:
    """Return the WebSocket frames of messages, not compressed: those of short ones joined, long ones as two parts."""
    if len(messages) == 1 and len(messages[0]) > JOINED_BYTES:
        return [head(messages[0]), messages[0]]
    return [b"".join([part for message in messages for part in (head(message), message)])]


def head(message: bytes) -> bytes:
    """Return the header of the frame of a message (RFC 6455, section 5.2)."""
    first, size = WHOLE | OPCODES[type(message)], len(message)
    if size < 126:
        return bytes((first, size))
    if size < 1 << 16:
        return bytes((first, 126)) + size.to_bytes(2)
    return bytes((first, 127)) + size.to_bytes(8)
