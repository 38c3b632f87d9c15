"""Inputs of Ethereum's precompiles: valid ones, ones that are cut or changed, and noise."""

from __future__ import annotations

from hashlib import sha256
from random import Random

#: The order of the curve's field, above which no coordinate is.
FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583
G1 = (1).to_bytes(32, "big") + (2).to_bytes(32, "big")
MINUS_G1 = (1).to_bytes(32, "big") + (FIELD - 2).to_bytes(32, "big")
#: The generator of the twist, as EIP-197 encodes it.
G2 = b"".join(
    number.to_bytes(32, "big")
    for number in (
        11559732032986387107991004021392285783925812861821192530917403151452391805634,
        10857046999023057135944570762232829481370756359578518086990519993285655852781,
        4082367875863433681332203403145435568316851327593401208105741076214120093531,
        8495653923123431417604973247489272438418190587263600148770280649306958101930,
    )
)
#: A digest with a signature of it: v, r, s.
SIGNED = bytes.fromhex(
    "456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3"
    "000000000000000000000000000000000000000000000000000000000000001c"
    "9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608"
    "4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada"
)
INFINITY = b"\xc0" + bytes(47)
#: The polynomial zero at any point, with the hash that names its commitment (EIP-4844).
ZERO_POLYNOMIAL = b"\1" + sha256(INFINITY).digest()[1:] + (5).to_bytes(32, "big") + bytes(32) + INFINITY + INFINITY
#: The length of an input of zeros, of points at infinity, that each precompile of EIP-2537 accepts.
BLS = {0x0B: 256, 0x0C: 160, 0x0D: 512, 0x0E: 288, 0x0F: 384, 0x10: 64, 0x11: 128}
#: Precompiles by how often they are called; pairings take tenths of a second.
FREQUENT = (1, 2, 2, 3, 4, 4, 4, 5, 5, 6, 7, 9)


def precompile_input(random: Random, is_prague: bool) -> tuple[int, bytes]:
    """Return the number of a precompile and an input for it."""
    kind = random.random()
    if kind < 0.004:
        return 8, _changed(random, _pairs(random))
    if kind < 0.02:
        return 0x0A, _changed(random, ZERO_POLYNOMIAL)
    if kind < 0.05 and is_prague:
        index = random.choice(tuple(BLS))
        return index, _changed(random, bytes(BLS[index] if index != 0x0F or random.random() < 0.1 else 1))
    index = random.choice(FREQUENT)
    return index, _changed(random, _valid(random, index))


def _valid(random: Random, index: int) -> bytes:
    if index == 1:
        return SIGNED
    if index == 5:
        return _modexp(random)
    if index in (6, 7):
        number = random.choice((0, 1, 2, 2**255, 2**256 - 1, random.getrandbits(256)))
        return random.choice((G1, MINUS_G1, bytes(64))) + (
            number.to_bytes(32, "big") if index == 7 else random.choice((G1, MINUS_G1, bytes(64)))
        )
    if index == 9:
        rounds = random.choice((0, 1, 12, 300))
        return rounds.to_bytes(4, "big") + random.randbytes(208) + bytes((random.choice((0, 1, 1, 2)),))
    return random.randbytes(random.choice((0, 1, 31, 32, 33, 64, 100)))


def _pairs(random: Random) -> bytes:
    """Return one pair or two, whose product is one in half of the cases."""
    return G1 + G2 + random.choice((b"", MINUS_G1 + G2))


def _modexp(random: Random) -> bytes:
    lengths = [random.choice((0, 1, 2, 32, 33, 40)) for _ in range(3)]
    if random.random() < 0.05:
        lengths[random.randrange(3)] = random.choice((1_024, 1_025, 2**32, 2**255))
    numbers = b"".join(random.randbytes(min(length, 64)) for length in lengths)
    return b"".join(length.to_bytes(32, "big") for length in lengths) + numbers


def _changed(random: Random, data: bytes) -> bytes:
    """Return data as it is most of the time, else cut, longer, or with another byte."""
    kind = random.random()
    if kind < 0.75 or not data:
        return data
    if kind < 0.85:
        return data[: random.randrange(len(data))]
    if kind < 0.9:
        return data + random.randbytes(random.randint(1, 40))
    at = random.randrange(len(data))
    return data[:at] + random.randbytes(1) + data[at + 1 :]
