"""Signed transactions by a node's metadata: which extensions there are, and what they carry and sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...runtime.client.errors import PlainError
from ...runtime.crypto import Keypair
from ...runtime.frame.extrinsic import SIGNATURES, ExtrinsicCodec, signing_payload
from ...runtime.metadata import registry as shapes
from ...runtime.scale.reader import encode_compact
from .encoding import encode
from .interface import Interface
from .node import Node, from_hex
from .types import Types

#: The encoded era of a transaction that stays valid.
IMMORTAL = b"\x00"


async def sign(node: Node, call: bytes, key: Keypair) -> bytes:
    """Return an encoded call as a transaction of this key, immortal, without a tip, with the account's next nonce."""
    interface = await node.interface()
    nonce = await node.call("system_accountNextIndex", key.address)
    genesis = from_hex(await node.block_hash(0))
    explicit, implicit = values_of(interface, int(nonce), genesis)
    signature = key.sign(signing_payload(call, explicit, implicit))
    return ExtrinsicCodec.signed(key.account, SIGNATURES[key.scheme](signature), explicit, call)


def values_of(interface: Interface, nonce: int, genesis: bytes) -> tuple[bytes, bytes]:
    """Return what the extensions carry, and what they sign besides."""
    carried: Mapping[str, bytes] = {
        "CheckMortality": IMMORTAL,
        "CheckNonce": encode_compact(nonce),
        "ChargeTransactionPayment": encode_compact(0),
        "ChargeTransactionPaymentWrapper": encode_compact(0),
    }
    signed: Mapping[str, Any] = {
        "CheckSpecVersion": interface.spec_version,
        "CheckTxVersion": interface.transaction_version,
        "CheckGenesis": genesis,
        "CheckMortality": genesis,
    }
    types, extensions = interface.types, interface.metadata.extrinsic.extensions
    explicit = [carried.get(each.identifier) or blank(types, each.type) for each in extensions]
    implicit = [
        encode(types, each.additional_signed, signed[each.identifier])
        if each.identifier in signed
        else blank(types, each.additional_signed)
        for each in extensions
    ]
    return b"".join(explicit), b"".join(implicit)


def blank(types: Types, number: int) -> bytes:
    """Return the value of an extension that has nothing to say: no bytes, None, or the first variant."""
    shape = types[number].definition
    if isinstance(shape, shapes.Tuple):
        return b"".join(blank(types, item) for item in shape.items)
    if isinstance(shape, shapes.Composite):
        return b"".join(blank(types, field.type) for field in shape.fields)
    if isinstance(shape, shapes.Variants) and any(each.index == 0 and not each.fields for each in shape.variants):
        return b"\x00"
    raise PlainError(f"the runtime has an extension of type {types.name(number)}, which is not known")
