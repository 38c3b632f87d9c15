"""`payment_*`: fees in JSON; amounts in rao, as decimal strings."""

from __future__ import annotations

from typing import Any

from ....runtime.apis import ApiError
from ....runtime.scale import Reader, ScaleError, codec_of, u64
from ...pool.opaque import opaque_extrinsic
from ..errors import RpcError
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Bytes, Hash

namespace = Namespace()

CLASSES = ("normal", "operational", "mandatory")
U64 = codec_of(u64)


def call_payment_api(node: Node, name: str, raw: bytes, at: bytes | None, failure: str) -> Reader:
    """Return the answer of TransactionPaymentApi about an extrinsic."""
    try:
        extrinsic = opaque_extrinsic(raw)
    except ScaleError as error:
        raise RpcError(2, failure, str(error)) from error
    length = len(raw).to_bytes(4, "little")  # bytes after the extrinsic count, as on the genuine node
    try:
        return Reader(node.call_api(f"TransactionPaymentApi_{name}", extrinsic + length, at))
    except ApiError as error:
        raise RpcError(1, failure, str(error)) from error


@namespace.method(cost=Cost.BY_SIZE, named=["encoded_xt", "at"])
def payment_queryInfo(node: Node, raw: Bytes, at: Hash | None = None) -> dict[str, Any]:
    """Return weight, class and fee of an extrinsic, without its tip."""
    answer = call_payment_api(node, "query_info", raw, at, "Unable to query dispatch info.")
    weight = {"ref_time": answer.compact(), "proof_size": answer.compact()}
    return {"weight": weight, "class": CLASSES[answer.byte()], "partialFee": str(U64.read(answer))}


@namespace.method(cost=Cost.BY_SIZE, named=["encoded_xt", "at"])
def payment_queryFeeDetails(node: Node, raw: Bytes, at: Hash | None = None) -> dict[str, Any]:
    """Return the parts of an extrinsic's inclusion fee; null if it pays none."""
    answer = call_payment_api(node, "query_fee_details", raw, at, "Unable to query fee details.")
    if not answer.byte():
        return {"inclusionFee": None}
    names = ("baseFee", "lenFee", "adjustedWeightFee")
    return {"inclusionFee": {name: str(U64.read(answer)) for name in names}}
