"""Mnemonic phrases: the BIP-39 words of entropy, and the seed that Substrate derives from them.

Substrate derives the seed from the entropy behind the words, not from their text as BIP-39 does: phrases of other
wallets are valid here but have other keys.
"""

from __future__ import annotations

from functools import cache
from hashlib import pbkdf2_hmac
from typing import TYPE_CHECKING

from .secret_uri import SecretError

if TYPE_CHECKING:
    from mnemonic import Mnemonic

#: Substrate's public development phrase, from which the accounts `//Alice`, `//Bob`, … are derived.
DEV_PHRASE = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"
#: The seed of `DEV_PHRASE`, so that `//Alice` needs neither the word list nor the key derivation function.
DEV_SEED = bytes.fromhex("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e")

#: Bytes of entropy by the number of words of a phrase.
ENTROPY_LENGTHS = {12: 16, 15: 20, 18: 24, 21: 28, 24: 32}
_ROUNDS = 2048


def phrase_of_entropy(entropy: bytes) -> str:
    """Return the phrase for 16, 20, 24, 28 or 32 bytes of entropy; raise SecretError for other lengths."""
    if len(entropy) not in ENTROPY_LENGTHS.values():
        raise SecretError(f"expected 16, 20, 24, 28 or 32 bytes of entropy, got {len(entropy)}")
    phrase: str = _english().to_mnemonic(entropy)
    return phrase


def entropy_of_phrase(phrase: str) -> bytes:
    """Return the entropy of a phrase; raise SecretError for an unknown word or a wrong checksum."""
    words = phrase.split()
    if len(words) not in ENTROPY_LENGTHS:
        raise SecretError(f"expected 12, 15, 18, 21 or 24 words, got {len(words)}")
    word_list = _english().wordlist
    for position, word in enumerate(words, start=1):
        if word not in word_list:
            raise SecretError(f"expected words of the English BIP-39 list, got another as word {position}")
    try:
        return bytes(_english().to_entropy(words))
    except ValueError:
        raise SecretError("expected a phrase whose last word fits the others, got a wrong checksum") from None


def seed_of_phrase(phrase: str, password: str = "") -> bytes:
    """Return the seed of 32 bytes ("mini secret") of a phrase: PBKDF2-HMAC-SHA512 of its entropy."""
    salt = b"mnemonic" + password.encode()
    return pbkdf2_hmac("sha512", entropy_of_phrase(phrase), salt, _ROUNDS, dklen=64)[:32]


@cache
def _english() -> Mnemonic:
    # Imported here: few processes use a phrase.
    from mnemonic import Mnemonic

    return Mnemonic("english")
