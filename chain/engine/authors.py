"""The author of a slot, if this process holds the keys of all authorities."""

from __future__ import annotations

from ...consensus.aura import author_of
from ...runtime.crypto import Keypair, ss58_encode
from ..chain import AuthorKey, Blockchain
from ..errors import ChainError


def slot_author(chain: Blockchain) -> AuthorKey:
    """Return a function from a slot to its author's key; it raises ChainError if the configuration has no such key."""

    def key_of(slot: int) -> Keypair:
        keys = {key.public: key for key in chain.config.author_keys()}
        authorities = chain.authorities()
        if not authorities:
            raise ChainError(f"slot {slot} belongs to no authority, because the chain has none")
        author = author_of(slot, authorities)
        if author not in keys:
            raise ChainError(f"slot {slot} belongs to {ss58_encode(author)}, whose key is not here")
        return keys[author]

    return key_of
