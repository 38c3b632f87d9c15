"""EVM keys of neurons: a hotkey names an Ethereum account, which proves by a signature that it agrees.

What the account signs, as a personal message (EIP-191), are the hotkey and the keccak-256 of a block's number.
"""

from __future__ import annotations

from typing import Annotated

from .....consensus.integers import saturating_sub
from ....crypto import ecdsa
from ....crypto.hashing import keccak_256
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import Pays, weight_of
from ....scale import H160, SourceName, u64
from ....scale.codec import FixedBytes
from ...shared.types import ZERO_ACCOUNT, NetUid
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import get_owning_coldkey_for_hotkey
from .uids import get_uid_for_net_and_hotkey

EcdsaSignature = Annotated[bytes, FixedBytes(ecdsa.SIGNATURE_LENGTH), SourceName("Signature")]
#: Ethereum writes the recovery id, 0 to 3, with this added.
ETHEREUM_V = 27


def hash_message_eip191(message: bytes) -> bytes:
    """What Ethereum wallets sign when they are asked to sign a message."""
    return keccak_256(b"\x19Ethereum Signed Message:\n%d" % len(message) + message)


def evm_address(public: bytes) -> bytes:
    """The Ethereum address, 20 bytes, of a compressed public key."""
    return keccak_256(ecdsa.uncompressed(public))[12:]


def _signer(hotkey: bytes, block_number: int, signature: bytes) -> bytes | None:
    """The compressed public key that agreed to the hotkey, None where none can have. High s count as forged."""
    v = signature[64] - ETHEREUM_V if signature[64] >= ETHEREUM_V else signature[64]
    if v > 3 or not ecdsa.is_low(signature):
        return None
    message = hotkey + keccak_256(block_number.to_bytes(8, "little"))
    return ecdsa.recover_prehashed(signature[:64] + bytes([v]), hash_message_eip191(message))


def ensure_evm_key_associate_rate_limit(ctx: Context, netuid: int, uid: int) -> None:
    """EvmKeyAssociateRateLimitExceeded too soon after the neuron's last association, or after block 0."""
    associated = storage.AssociatedEvmAddress.get(ctx, netuid, uid)
    age = saturating_sub(ctx.block.number, associated[1] if associated else 0)
    ensure(age >= constants.EvmKeyAssociateRateLimit.get(ctx), Error.EvmKeyAssociateRateLimitExceeded)


def do_associate_evm_key(ctx: Context, netuid: int, evm_key: bytes, block_number: int, signature: bytes) -> None:
    """Note the EVM key of the signer, a neuron of the subnet."""
    hotkey = ctx.ensure_signed()
    ensure(get_owning_coldkey_for_hotkey(ctx, hotkey) != ZERO_ACCOUNT, Error.NonAssociatedColdKey)
    uid = get_uid_for_net_and_hotkey(ctx, netuid, hotkey)
    ensure_evm_key_associate_rate_limit(ctx, netuid, uid)
    public = _signer(hotkey, block_number, signature)
    if public is None:
        raise DispatchFailed(Error.InvalidIdentity)
    ensure(evm_address(public) == evm_key, Error.InvalidRecoveredPublicKey)
    block = ctx.block.number
    storage.AssociatedEvmAddress.put(ctx, netuid, uid, (evm_key, block))
    ctx.deposit(events.EvmKeyAssociated(netuid, hotkey, evm_key, block))


def uid_lookup(ctx: Context, netuid: int, evm_key: bytes, limit: int) -> list[tuple[int, int]]:
    """The uids with this EVM key and the blocks of their association, oldest first, among the first `limit` stored."""
    stored = list(storage.AssociatedEvmAddress.under(ctx, netuid))[:limit]
    return sorted([(uid, block) for uid, (key, block) in stored if key == evm_key], key=lambda found: found[1])


@pallet.call(93, weight=weight_of(684_242_000, 4415, reads=3, writes=1), pays=Pays.No)
def associate_evm_key(
    ctx: Context, netuid: NetUid, evm_key: H160, block_number: u64, signature: EcdsaSignature
) -> None:
    """Link an EVM key to the signer, a hotkey registered on the subnet; the key's signature shows that it agrees.

    It signs `hotkey ++ keccak_256(block_number)` as a personal message.
    """
    do_associate_evm_key(ctx, netuid, evm_key, block_number, signature)
