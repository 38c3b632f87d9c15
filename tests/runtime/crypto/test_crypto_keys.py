"""Keypairs from URIs, seeds and phrases, against the well-known development keys."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.crypto import Keypair, Scheme, SecretError, blake2_256, ss58_decode
from pysubtensor.runtime.crypto.mnemonics import (
    DEV_PHRASE,
    DEV_SEED,
    entropy_of_phrase,
    phrase_of_entropy,
    seed_of_phrase,
)
from pysubtensor.runtime.crypto.secret_uri import SecretUri, chain_code, parse_secret_uri

from tests.world import ACCOUNTS, ALICE_ADDRESS, BOB_ADDRESS, NAMES

#: Public keys that Substrate's tools print for these URIs.
SR25519_KEYS = {
    **{f"//{name}": account.hex() for name, account in zip(NAMES, ACCOUNTS, strict=True)},
    "//Alice//stash": "be5ddb1579b72e84524fc29e78609e3caf42e85aa118ebfe0b0ad404b5bdd25f",
    "/Alice": "d6c71059dbbe9ad2b0ed3f289738b800836eb425544ce694825285b958ca755e",
    "": "46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a",
}
ALICE_OTHER_KEYS = {
    Scheme.ED25519: "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
    Scheme.ECDSA: "020a1091341fe5664bfa1782d5e04779689068c916b04cb365ec3153755684d9a1",
}
ALICE_SEEDS = {
    Scheme.SR25519: "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a",
    Scheme.ED25519: "abf8e5bdbe30c65656c0a3cbd181ff8a56294a69dfedd27982aace4a76909115",
    Scheme.ECDSA: "cb6df9de1efca7a3998a8ead4e02159d5fa99c3e0d4fd6432667390bb4726854",
}
ABANDON = "abandon " * 11 + "about"


@pytest.mark.parametrize(("path", "public"), SR25519_KEYS.items())
def test_the_development_keys(path: str, public: str) -> None:
    assert Keypair.from_uri(path).public.hex() == public
    assert Keypair.from_uri(DEV_PHRASE + path).public.hex() == public


@pytest.mark.parametrize(("scheme", "public"), ALICE_OTHER_KEYS.items())
def test_alice_in_the_other_schemes(scheme: Scheme, public: str) -> None:
    alice = Keypair.from_uri("//Alice", scheme)
    assert alice.public.hex() == public
    assert alice.account == (blake2_256(alice.public) if scheme == Scheme.ECDSA else alice.public)


@pytest.mark.parametrize(("scheme", "seed"), ALICE_SEEDS.items())
def test_alice_from_her_seed(scheme: Scheme, seed: str) -> None:
    alice = Keypair.from_uri("//Alice", scheme)
    assert Keypair.from_seed(bytes.fromhex(seed), scheme) == alice
    assert Keypair.from_uri("0x" + seed, scheme) == alice


def test_an_address_is_the_account_on_bittensors_network() -> None:
    assert Keypair.from_uri("//Alice").address == ALICE_ADDRESS
    assert Keypair.from_uri("//Bob").address == BOB_ADDRESS
    ecdsa_alice = Keypair.from_uri("//Alice", Scheme.ECDSA)
    assert ss58_decode(ecdsa_alice.address, 42) == ecdsa_alice.account


def test_a_keypair_prints_without_its_secret() -> None:
    alice = Keypair.from_uri("//Alice")
    assert repr(alice) == f"<Keypair SR25519 {alice.address}>"


def test_keypairs_are_equal_by_scheme_and_public_key() -> None:
    assert len({Keypair.from_uri("//Alice"), Keypair.from_uri("//Alice"), Keypair.from_uri("//Bob")}) == 2
    assert Keypair.from_uri("//Alice") != Keypair.from_uri("//Alice", Scheme.ED25519)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Alice", "14416c696365"),
        ("0", ""),
        ("007", "07"),
        ("+5", "05"),
        ("18446744073709551615", "ff" * 8),
        ("18446744073709551616", "50" + b"18446744073709551616".hex()),
        ("-1", "082d31"),
        ("a" * 31, "7c" + "61" * 31),
    ],
)
def test_junctions_are_numbers_or_strings(name: str, code: str) -> None:
    assert chain_code(name).hex() == code.ljust(64, "0")


def test_a_number_with_thousands_of_leading_zeros_is_a_number() -> None:
    """Python refuses to read that many digits."""
    assert chain_code("0" * 5_000 + "7") == chain_code("7")


@pytest.mark.parametrize(("name", "length"), [("a" * 32, b"\x80"), ("9" * 100, b"\x91\x01"), ("9" * 5000, b"\x21\x4e")])
def test_long_junctions_are_hashed(name: str, length: bytes) -> None:
    assert chain_code(name) == blake2_256(length + name.encode())


def test_the_longest_junctions_have_a_four_byte_length() -> None:
    assert chain_code("b" * 16384) == blake2_256(bytes([2, 0, 1, 0]) + b"b" * 16384)


def test_a_uri_is_parsed() -> None:
    phrase, (first, second), password = parse_secret_uri("one two/soft//7///pass/word//")
    assert (phrase, password) == ("one two", "pass/word//")
    assert first == (chain_code("soft"), False)
    assert second == (chain_code("7"), True)
    assert parse_secret_uri("///secret") == SecretUri("", [], "secret")


@pytest.mark.parametrize("uri", ["//Alice/", "/", "//", "one-two", "phrase//a//", "\n//Alice"])
def test_malformed_uris_are_refused(uri: str) -> None:
    with pytest.raises(SecretError, match="phrase/soft//hard///password"):
        Keypair.from_uri(uri)


@pytest.mark.parametrize("scheme", [Scheme.ED25519, Scheme.ECDSA])
def test_soft_junctions_exist_for_sr25519_only(scheme: Scheme) -> None:
    with pytest.raises(SecretError, match=f"{scheme.name.lower()}, got a soft one"):
        Keypair.from_uri("//Alice/soft", scheme)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_has_32_bytes(seed: bytes) -> None:
    with pytest.raises(SecretError, match=f"32 bytes, got {len(seed)}"):
        Keypair.from_seed(seed)
    with pytest.raises(SecretError, match=f"32 bytes, got {len(seed)}"):
        Keypair.from_uri("0x" + seed.hex())


def test_a_seed_in_a_uri_is_hexadecimal() -> None:
    with pytest.raises(SecretError, match="hexadecimal"):
        Keypair.from_uri("0xALICE")


@pytest.mark.parametrize("scalar", [0, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141])
def test_an_ecdsa_seed_is_a_scalar_of_the_curve(scalar: int) -> None:
    with pytest.raises(SecretError, match="order of secp256k1"):
        Keypair.from_seed(scalar.to_bytes(32, "big"), Scheme.ECDSA)


@pytest.mark.parametrize(
    ("entropy", "phrase"),
    [
        (bytes(16), ABANDON),
        (b"\x7f" * 16, "legal winner thank year wave sausage worth useful legal winner thank yellow"),
        (b"\xff" * 32, "zoo " * 23 + "vote"),
    ],
)
def test_bip39_words_and_entropy(entropy: bytes, phrase: str) -> None:
    assert phrase_of_entropy(entropy) == phrase
    assert entropy_of_phrase(phrase) == entropy


def test_seeds_of_phrases_are_substrates() -> None:
    assert seed_of_phrase(DEV_PHRASE) == DEV_SEED
    substrate = "44e9d125f037ac1d51f0a7d3649689d422c2af8b1ec8e00d71db4d7bf6d127e3"
    assert seed_of_phrase(ABANDON, "Substrate").hex() == substrate
    assert Keypair.from_uri(f"{ABANDON}///Substrate") == Keypair.from_seed(bytes.fromhex(substrate))
    assert Keypair.from_mnemonic(ABANDON, "Substrate") == Keypair.from_seed(bytes.fromhex(substrate))


def test_a_password_alone_applies_to_the_development_phrase() -> None:
    assert Keypair.from_uri("///pass") == Keypair.from_mnemonic(DEV_PHRASE, "pass")
    assert Keypair.from_uri("///pass") != Keypair.from_uri("")


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("abandon", "got 1$"),
        ("abandon " * 12, "wrong checksum"),
        ("abandon " * 10 + "subtensor about", "as word 11"),
    ],
)
def test_a_wrong_phrase_is_refused_without_being_shown(phrase: str, complaint: str) -> None:
    with pytest.raises(SecretError, match=complaint) as caught:
        Keypair.from_mnemonic(phrase)
    assert "abandon" not in str(caught.value)
    assert "subtensor" not in str(caught.value)


@settings(max_examples=20)
@given(st.sampled_from([16, 20, 24, 28, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)))
def test_a_new_keypair_is_restored_from_its_phrase(entropy: bytes) -> None:
    words = len(entropy) * 3 // 4
    pair, phrase = Keypair.generate(words, entropy=entropy)
    assert len(phrase.split()) == words
    assert entropy_of_phrase(phrase) == entropy
    assert Keypair.from_uri(phrase) == pair


def test_new_keys_need_entropy_of_the_right_length() -> None:
    with pytest.raises(SecretError, match="24 words, got 13"):
        Keypair.generate(13, entropy=bytes(16))
    with pytest.raises(SecretError, match="32 bytes of entropy, got 16"):
        Keypair.generate(24, entropy=bytes(16))
    with pytest.raises(SecretError, match="got 17"):
        phrase_of_entropy(bytes(17))


def test_heavy_modules_are_loaded_on_demand() -> None:
    heavy = {"Crypto", "py_ecc", "mnemonic", "numpy"}
    script = (
        "import sys; from pysubtensor.runtime.crypto import Keypair; Keypair.from_uri('//Alice');"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert output.stdout == "[]\n"
