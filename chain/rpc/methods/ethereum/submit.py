"""`eth_*` that send transactions, and those that wait."""

from __future__ import annotations

from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import AnyTransaction, Undecodable, decoded, hash_of, sender_of
from .....runtime.edits.ethereum import act_as, unsigned
from .....runtime.frame.block_types import UncheckedExtrinsic
from .....runtime.frame.validity import Custom, ExhaustsResources, Payment, Stale
from .....runtime.scale import codec_of
from ....cheats.ethereum import ImpersonatedAddresses
from ....pool.opaque import opaque_extrinsic
from ....pool.rejections import AlreadyImported, Banned, Invalid, PriorityTooLow, Rejected
from ...errors import RpcError
from ...namespace import Cost
from ...node import Node
from ...shapes import to_hex
from ...slices import whole
from .declare import eth, internal
from .execute import estimate
from .params import Data
from .pooled import Pooled
from .requests import Request, TransactionRequest
from .shapes import JSON, transaction_json

EXTRINSIC = codec_of(UncheckedExtrinsic)
#: The words of geth for the reasons by which the runtime refuses a transaction, by their codes.
CUSTOM = {
    0: "intrinsic gas too low",
    1: "exceeds block gas limit",
    2: "gas price less than block base fee",
    3: "max priority fee per gas higher than max fee per gas",
    4: "transaction validation error",
    5: "transaction validation error",
    6: "transaction validation error",
    7: "invalid fee input",
    8: "invalid chain id",
    9: "invalid sender",
    10: "authorization list cannot be empty",
    11: "authorization list too large",
}
UNKNOWN = "unknown error"


@eth.method(cost=Cost.BY_SIZE)
def eth_sendRawTransaction(node: Node, bytes: Data) -> str:
    """Put a signed transaction into the pool and return its hash."""
    if not bytes:
        raise internal("transaction data is empty")
    try:
        transaction = decoded(bytes)
    except Undecodable:
        raise internal("decode transaction failed") from None
    return to_hex(put(node, transaction))


def put(node: Node, transaction: AnyTransaction, sender: bytes | None = None) -> bytes:
    """Put a transaction into the pool and return its hash; with `sender` it counts as signed by that address."""
    extrinsic = api.convert_transaction(node.chain.pending_context(), transaction)
    raw = opaque_extrinsic(EXTRINSIC.encode(extrinsic))
    decoded = None if sender is None else act_as(node.chain.runtime.decode(raw), sender)
    try:
        whole(node.engine.submit, raw, None, decoded)
    except Rejected as error:
        raise pool_error(error) from error
    return hash_of(transaction)


def pool_error(error: Rejected) -> RpcError:
    """Return the error for a transaction that the pool rejects, in geth's words, by which clients know what to do."""
    if isinstance(error, AlreadyImported | Banned):
        return internal("already known")
    if isinstance(error, PriorityTooLow):
        return internal("replacement transaction underpriced")
    if not isinstance(error, Invalid):
        return internal(f"submit transaction to pool failed: Ok({type(error).__name__})")
    match error.reason:
        case Stale():
            return internal("nonce too low")
        case Payment():
            return internal("insufficient funds for gas * price + value")
        case ExhaustsResources():
            return internal("exceeds block gas limit")
        case Custom(code):
            return internal(CUSTOM.get(code, UNKNOWN))
    return internal(UNKNOWN)


@eth.method(cost=Cost.RUN)
def eth_sendTransaction(node: Node, request: Request) -> str:
    """Refuse to sign, because the node holds no keys; on chains for tests send what an impersonated address wants."""
    if request.chain_id is not None and request.chain_id != api.chain_id(node.context(None)):
        raise internal("chain id is mismatch")
    if request.sender is None or request.sender not in ImpersonatedAddresses.of(node.chain):
        raise internal("no signer available")
    return to_hex(put(node, completed(node, request, request.sender), request.sender))


def completed(node: Node, request: TransactionRequest, sender: bytes) -> AnyTransaction:
    """Return the transaction of an impersonated address: with the next nonce, the present price, the gas it needs."""
    ctx = node.context(node.chain.head.hash)
    used, price = api.account_basic(ctx, sender).nonce, request.gas_price or request.max_fee or api.gas_price(ctx)
    nonce = Pooled.of(node.chain).next_nonce(sender, used) if request.nonce is None else request.nonce
    gas = estimate(node, request, None) if request.gas is None else request.gas
    return unsigned(sender, nonce, price, gas, request.to, request.value or 0, request.data or b"")


@eth.method(cost=Cost.LONG)
def eth_pendingTransactions(node: Node) -> list[JSON]:
    """Return the transactions of the pool, ready ones first."""
    return [transaction_json(each) for each in Pooled.of(node.chain).all() if sender_of(each) is not None]
