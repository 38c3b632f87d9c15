"""`Keypair`: made from a secret URI, a seed or a phrase; it signs, and has an account and an address."""

from __future__ import annotations

from .hashing import blake2_256
from .mnemonics import DEV_PHRASE, DEV_SEED, ENTROPY_LENGTHS, phrase_of_entropy, seed_of_phrase
from .schemes import IMPLEMENTATIONS, Scheme
from .secret_uri import Junction, SecretError, parse_secret_uri
from .ss58 import ss58_encode

SEED_LENGTH = 32


class Keypair:
    """A secret key and its public key, made by the `from_…` methods. Its `repr` does not contain the secret."""

    __slots__ = ("_secret", "public", "scheme")

    def __init__(self, scheme: Scheme, secret: bytes) -> None:
        """Make a keypair of a secret in the form of the scheme (see the modules of the schemes)."""
        self.scheme = scheme
        self._secret = secret
        #: 32 bytes, for ecdsa 33 (compressed).
        self.public = IMPLEMENTATIONS[scheme].public_of_secret(secret)

    @classmethod
    def from_seed(cls, seed: bytes, scheme: Scheme = Scheme.SR25519) -> Keypair:
        """Return the keypair of a seed of 32 bytes; raise SecretError for other lengths."""
        if len(seed) != SEED_LENGTH:
            raise SecretError(f"expected a seed of {SEED_LENGTH} bytes, got {len(seed)}")
        return cls(scheme, IMPLEMENTATIONS[scheme].secret_of_seed(seed))

    @classmethod
    def from_mnemonic(cls, phrase: str, password: str = "", scheme: Scheme = Scheme.SR25519) -> Keypair:
        """Return the keypair of a mnemonic phrase, as Substrate derives it; raise SecretError for an invalid phrase."""
        return cls.from_seed(seed_of_phrase(phrase, password), scheme)

    @classmethod
    def from_uri(cls, uri: str, scheme: Scheme = Scheme.SR25519) -> Keypair:
        """Return the keypair of a secret URI: `phrase/soft//hard///password`, `0x<seed>//hard`, `//Alice`.

        Soft junctions exist for sr25519 only. As in Substrate, a password has no effect on a `0x` seed. Raise
        SecretError for a URI that has no key.
        """
        phrase, junctions, password = parse_secret_uri(uri)
        if phrase.startswith("0x"):
            seed = _seed_of_hex(phrase)
        elif phrase or password:
            seed = seed_of_phrase(phrase or DEV_PHRASE, password)
        else:
            seed = DEV_SEED
        return cls.from_seed(seed, scheme).derive(*junctions)

    @classmethod
    def generate(cls, words: int = 12, *, entropy: bytes, scheme: Scheme = Scheme.SR25519) -> tuple[Keypair, str]:
        """Return a new keypair and its phrase of `words` words, made from random bytes (16 for 12 words)."""
        if words not in ENTROPY_LENGTHS:
            raise SecretError(f"expected 12, 15, 18, 21 or 24 words, got {words}")
        if len(entropy) != ENTROPY_LENGTHS[words]:
            raise SecretError(f"expected {ENTROPY_LENGTHS[words]} bytes of entropy, got {len(entropy)}")
        phrase = phrase_of_entropy(entropy)
        return cls.from_mnemonic(phrase, scheme=scheme), phrase

    def derive(self, *junctions: Junction) -> Keypair:
        """Return the descendant behind a path of junctions."""
        secret = self._secret
        for junction in junctions:
            secret = IMPLEMENTATIONS[self.scheme].derive(secret, junction)
        return Keypair(self.scheme, secret)

    @property
    def account(self) -> bytes:
        """The account id, 32 bytes: the public key, for ecdsa its BLAKE2b-256."""
        return blake2_256(self.public) if self.scheme == Scheme.ECDSA else self.public

    @property
    def address(self) -> str:
        """The account in SS58, with Bittensor's prefix 42."""
        return ss58_encode(self.account)

    def sign(self, message: bytes) -> bytes:
        """Return a signature of 64 bytes, for ecdsa 65. Signatures of sr25519 are randomized."""
        return IMPLEMENTATIONS[self.scheme].sign(self._secret, self.public, message)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether the signature over the message is by this key."""
        return IMPLEMENTATIONS[self.scheme].verify(signature, message, self.public)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keypair) and (self.scheme, self.public) == (other.scheme, other.public)

    def __hash__(self) -> int:
        return hash((self.scheme, self.public))

    def __repr__(self) -> str:
        return f"<Keypair {self.scheme.name} {self.address}>"


def _seed_of_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text[2:])
    except ValueError:
        raise SecretError("expected hexadecimal digits after 0x, got other characters") from None
