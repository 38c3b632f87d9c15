"""Mnemonic phrases: BIP-39 words for entropy, and the seed that Substrate makes of them.

Substrate stretches the entropy behind the words, not their text as BIP-39 does, so that other wallets'
phrases are read here but give other keys.
"""

from __future__ import annotations

from functools import cache
from hashlib import pbkdf2_hmac
from typing import TYPE_CHECKING

from .secret_uri import SecretError

if TYPE_CHECKING:
    from mnemonic import Mnemonic

#: Substrate's development phrase, known to everybody; the accounts `//Alice`, `//Bob`, … come from it.
DEV_PHRASE = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"
#: The seed of `DEV_PHRASE`, written down so that `//Alice` costs neither the word list nor the stretching.
DEV_SEED = bytes.fromhex("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e")

#: Bytes of entropy behind a phrase of so many words.
ENTROPY_LENGTHS = {12: 16, 15: 20, 18: 24, 21: 28, 24: 32}
_ROUNDS = 2048


def phrase_of_entropy(entropy: bytes) -> str:
    """The words for 16, 20, 24, 28 or 32 bytes of entropy."""
    if len(entropy) not in ENTROPY_LENGTHS.values():
        raise SecretError(f"expected 16, 20, 24, 28 or 32 bytes of entropy, got {len(entropy)}")
    phrase: str = _english().to_mnemonic(entropy)
    return phrase


def entropy_of_phrase(phrase: str) -> bytes:
    """The entropy behind the words of a phrase, after the check of their checksum."""
    words = phrase.split()
    if len(words) not in ENTROPY_LENGTHS:
        raise SecretError(f"expected 12, 15, 18, 21 or 24 words, got {len(words)}")
    known = _english().wordlist
    for position, word in enumerate(words, start=1):
        if word not in known:
            raise SecretError(f"expected words of the English BIP-39 list, got another as word {position}")
    try:
        return bytes(_english().to_entropy(words))
    except ValueError:
        raise SecretError("expected a phrase whose last word fits the others, got a wrong checksum") from None


def seed_of_phrase(phrase: str, password: str = "") -> bytes:
    """The seed of 32 bytes ("mini secret") of a phrase: PBKDF2-HMAC-SHA512 of its entropy."""
    salt = b"mnemonic" + password.encode()
    return pbkdf2_hmac("sha512", entropy_of_phrase(phrase), salt, _ROUNDS, dklen=64)[:32]


@cache
def _english() -> Mnemonic:
    # Imported here: few processes ever read a phrase.
    from mnemonic import Mnemonic

    return Mnemonic("english")
