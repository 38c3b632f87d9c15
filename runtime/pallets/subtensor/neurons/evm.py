"""EVM keys of neurons: a hotkey is linked to an Ethereum account, which consents by a signature.

The account signs, as a personal message (EIP-191), the hotkey followed by the keccak-256 of a block number.
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
#: Offset that Ethereum adds to the recovery id, 0 to 3.
ETHEREUM_V = 27


def hash_message_eip191(message: bytes) -> bytes:
    """Return the hash that Ethereum wallets sign for a personal message (EIP-191)."""
    return keccak_256(b"\x19Ethereum Signed Message:\n%d" % len(message) + message)


def to_evm_address(public: bytes) -> bytes:
    """Return the Ethereum address, 20 bytes, of a compressed public key."""
    return keccak_256(ecdsa.uncompressed(public))[12:]


def _recover_signer(hotkey: bytes, block_number: int, signature: bytes) -> bytes | None:
    """Return the compressed public key that signed for the hotkey; None for a signature without a valid key.

    Signatures with a high s are refused.
    """
    v = signature[64] - ETHEREUM_V if signature[64] >= ETHEREUM_V else signature[64]
    if v > 3 or not ecdsa.is_low(signature):
        return None
    message = hotkey + keccak_256(block_number.to_bytes(8, "little"))
    return ecdsa.recover_prehashed(signature[:64] + bytes([v]), hash_message_eip191(message))


def ensure_evm_key_associate_rate_limit(ctx: Context, netuid: int, uid: int) -> None:
    """Refuse a change too few blocks after the neuron's last one, or after block 0.

    Fails with EvmKeyAssociateRateLimitExceeded within `EvmKeyAssociateRateLimit` blocks.
    """
    associated = storage.AssociatedEvmAddress.get(ctx, netuid, uid)
    age = saturating_sub(ctx.block.number, associated[1] if associated else 0)
    ensure(age >= constants.EvmKeyAssociateRateLimit.get(ctx), Error.EvmKeyAssociateRateLimitExceeded)


@pallet.call(93, weight=weight_of(684_242_000, 4415, reads=3, writes=1), pays=Pays.No)
def associate_evm_key(
    ctx: Context, netuid: NetUid, evm_key: H160, block_number: u64, signature: EcdsaSignature
) -> None:
    """Link an EVM key to the signer, a hotkey registered on the subnet.

    `signature` is that of the EVM key over `hotkey ++ keccak_256(block_number)`, with the number as a u64 in little
    endian, as a personal message (EIP-191). Fails with NonAssociatedColdKey, HotKeyNotRegisteredInSubNet,
    EvmKeyAssociateRateLimitExceeded, InvalidIdentity for a malformed signature, and InvalidRecoveredPublicKey when
    another key signed.
    """
    hotkey = ctx.ensure_signed()
    ensure(get_owning_coldkey_for_hotkey(ctx, hotkey) != ZERO_ACCOUNT, Error.NonAssociatedColdKey)
    uid = get_uid_for_net_and_hotkey(ctx, netuid, hotkey)
    ensure_evm_key_associate_rate_limit(ctx, netuid, uid)
    public = _recover_signer(hotkey, block_number, signature)
    if public is None:
        raise DispatchFailed(Error.InvalidIdentity)
    ensure(to_evm_address(public) == evm_key, Error.InvalidRecoveredPublicKey)
    block = ctx.block.number
    storage.AssociatedEvmAddress.put(ctx, netuid, uid, (evm_key, block))
    ctx.deposit(events.EvmKeyAssociated(netuid, hotkey, evm_key, block))
