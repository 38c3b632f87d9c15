"""AuraApi and SessionKeys: slots, authors and their keys."""

from __future__ import annotations

from typing import Annotated

from ..crypto import Keypair, Scheme, SecretError
from ..frame.block_validity import Panic
from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets import aura
from ..pallets.aura import AuraId
from ..scale import newtype
from ..scale.codec import U64, FixedBytes

#: The kinds of keys of a session, in the order in which they are encoded; 32 bytes each.
KEY_TYPES = (b"aura", b"gran")

SlotDuration = Annotated[int, newtype(U64, "sp_consensus_slots::SlotDuration")]
KeyTypeId = Annotated[bytes, newtype(FixedBytes(4), "sp_core::crypto::KeyTypeId")]

aura_api = RuntimeApi("AuraApi", 1, docs="Reads the slots and authorities of Aura.")


@aura_api.method
def slot_duration(ctx: Context) -> SlotDuration:
    """Return the duration of a slot, in milliseconds."""
    return aura.SlotDuration.get(ctx)


@aura_api.method
def authorities(ctx: Context) -> list[AuraId]:
    """Return the authorities, in the order of their slots."""
    return aura.Authorities.get(ctx)


session_keys = RuntimeApi("SessionKeys", 1, docs="Makes and decodes the keys of an authority.")


@session_keys.method
def generate_session_keys(ctx: Context, seed: bytes | None) -> bytes:
    """Return the public keys of an authority, made from a secret URI. Panics without one: this node has no keystore."""
    if seed is None:
        raise Panic("session keys without a seed need a keystore, and this node has none")
    try:
        uri = seed.decode()
        return b"".join(Keypair.from_uri(uri, scheme).public for scheme in (Scheme.SR25519, Scheme.ED25519))
    except (UnicodeDecodeError, SecretError) as error:
        raise Panic(f"the seed is not a secret URI: {error}") from None


@session_keys.method
def decode_session_keys(ctx: Context, encoded: bytes) -> list[tuple[bytes, KeyTypeId]] | None:
    """Return the keys in an answer of `generate_session_keys`, each with its key type; None when it is too short."""
    if len(encoded) < 32 * len(KEY_TYPES):
        return None
    return [(encoded[32 * i : 32 * i + 32], kind) for i, kind in enumerate(KEY_TYPES)]
