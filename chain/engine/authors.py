"""The author of a slot, if this process holds the keys of all authorities."""

from __future__ import annotations

from collections.abc import Sequence

from ...consensus.aura import author_of
from ...runtime.crypto import Keypair, ss58_encode
from ..chain import AuthorKey, Blockchain
from ..errors import ChainError


def slot_author(chain: Blockchain, own: Sequence[Keypair] | None = None) -> AuthorKey:
    """Return a function from a slot to its author's key; it raises ChainError for a slot whose key is not here.

    `own` are the keys of all authorities, such as those of a keystore. Without them they are those of the development
    accounts in the configuration, which seal no Live chain, because their secrets are public.

    Raises ChainError if an authority's key is not in `own`, and for a Live chain without `own`.
    """
    if own is not None:
        require_keys(chain, own)
    elif chain.config.chain_type == "Live":
        raise ChainError(
            "expected keys of one's own to author blocks of a Live chain, got those of development accounts, whose "
            "secrets are public: put the authorities' keys into a keystore (`pysubtensor keys insert`) and name it "
            "with --keystore"
        )

    def key_of(slot: int) -> Keypair:
        keys = {key.public: key for key in (chain.config.author_keys() if own is None else own)}
        authorities = chain.authorities()
        if not authorities:
            raise ChainError(f"slot {slot} belongs to no authority, because the chain has none")
        author = author_of(slot, authorities)
        if author not in keys:
            raise ChainError(f"slot {slot} belongs to {ss58_encode(author)}, whose key is not here")
        return keys[author]

    return key_of


def require_keys(chain: Blockchain, own: Sequence[Keypair]) -> None:
    """Raise ChainError unless the chain has authorities and the key of each one is in `own`."""
    authorities, here = chain.authorities(), {key.public for key in own}
    if not authorities:
        raise ChainError("expected authorities whose keys seal the blocks, the chain has none")
    missing = ", ".join(ss58_encode(public) for public in authorities if public not in here)
    if missing:
        raise ChainError(
            f"expected the aura keys of all {len(authorities)} authorities in the keystore, there is none for "
            f"{missing}: `pysubtensor keys insert` adds one"
        )
