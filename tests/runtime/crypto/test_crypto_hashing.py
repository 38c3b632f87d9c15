"""Hash functions against known digests."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import hashing

from tests.vectors import load

#: From the functions' own specifications, and the well-known storage prefix of System.
KNOWN = [
    ("blake2_256", b"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
    (
        "blake2_512",
        b"abc",
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    ),
    ("blake2_128", b"", "cae66941d9efbd404e4d88758ea67670"),
    ("blake2_128_concat", b"a", "27c35e6e9373877f29e562464e46497e61"),
    ("twox_64_concat", b"a", "5b6e8ca9f1c44ed261"),
    ("twox_128", b"System", "26aa394eea5630e07c48ae0c9558cef7"),
    ("twox_256", b"", "99e9d85137db46ef4bbea33613baafd56f963c64b1f3685a4eb4abd67ff6203a"),
    ("keccak_256", b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
]


@pytest.mark.parametrize(("name", "data", "digest"), KNOWN)
def test_known_digests(name: str, data: bytes, digest: str) -> None:
    assert getattr(hashing, name)(data).hex() == digest


def test_every_prepared_digest() -> None:
    names = {name for name, _, _ in KNOWN}
    for case in load("formats/hashes")["cases"]:
        data = bytes.fromhex(case["data"][2:])
        got = {name: "0x" + getattr(hashing, name)(data).hex() for name in names}
        assert got == {name: case[name] for name in names}
