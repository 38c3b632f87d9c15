"""sr25519 keys whose signatures are always the same, so that a seed determines every block to the byte.

Signatures are part of a block's hash, which selects for whom the chain claims dividends of root. Those of wallets are
randomized. The equations are schnorrkel's, with the secret scalar a and its point A: R = r B, c = t(message, A, R),
s = c a + r. Here r follows from the secret and the message. The transcript t is merlin's, over STROBE-128, whose blocks
are those of cSHAKE128.
"""

from __future__ import annotations

from hashlib import blake2b

import sr25519
from Crypto.Hash import cSHAKE128
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.schemes import Scheme

#: The order of the group, and the bit that marks a signature as schnorrkel's.
ORDER, MARK = 2**252 + 27742317777372353535851937790883648493, 1 << 255
#: Bytes of data in a block, and the flags of the operations: data, its description, an answer.
RATE, DATA, DESCRIPTION, ANSWER = 166, 2, 16 | 2, 1 | 2 | 4


class Transcript:
    """A merlin transcript: messages with labels, and in the end a challenge that depends on all of them."""

    def __init__(self, label: bytes) -> None:
        self._blocks, self._at, self._begin = bytearray(), 0, 0
        self._operation(DESCRIPTION, b"Merlin v1.0")
        self.append(b"dom-sep", label)

    def append(self, label: bytes, message: bytes) -> None:
        self._operation(DESCRIPTION, label + len(message).to_bytes(4, "little"))
        self._operation(DATA, message)

    def challenge(self, label: bytes, size: int) -> bytes:
        """Return `size` bytes. The transcript ends here."""
        self._operation(DESCRIPTION, label + size.to_bytes(4, "little"))
        self._operation(ANSWER, b"")
        # The last block ends with where its operation began; the hash pads it.
        if self._at:
            self._blocks.append(self._begin)
        else:
            self._blocks.pop()
        return cSHAKE128.new(bytes(self._blocks), custom=b"STROBEv1.0.2").read(size)

    def _operation(self, flags: int, data: bytes) -> None:
        former, self._begin = self._begin, self._at + 1
        for byte in bytes([former, flags]) + data:
            self._blocks.append(byte)
            self._at += 1
            if self._at == RATE:
                self._blocks += bytes([self._begin, 0x84])
                self._at = self._begin = 0


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """Return the signature of a message in the context "substrate", always the same one."""
    number = int.from_bytes(blake2b(secret[:32] + message).digest(), "little") % ORDER
    point: bytes = sr25519.public_from_secret_key(number.to_bytes(32, "little") + bytes(32))
    transcript = Transcript(b"SigningContext")
    transcript.append(b"", b"substrate")
    transcript.append(b"sign-bytes", message)
    transcript.append(b"proto-name", b"Schnorr-sig")
    transcript.append(b"sign:pk", public)
    transcript.append(b"sign:R", point)
    challenge = int.from_bytes(transcript.challenge(b"sign:c", 64), "little")
    scalar = (challenge * int.from_bytes(secret[:32], "little") + number) % ORDER
    return point + (scalar | MARK).to_bytes(32, "little")


class RepeatableKeypair(Keypair):
    """An sr25519 key pair whose signature of a message is always the same."""

    __slots__ = ()

    def __init__(self, uri: str) -> None:
        super().__init__(Scheme.SR25519, Keypair.from_uri(uri)._secret)

    def sign(self, message: bytes) -> bytes:
        return sign(self._secret, self.public, message)
