"""`swap_*`: prices of alpha as numbers, and simulated trades as a JSON array of encoded bytes."""

from __future__ import annotations

from typing import Annotated, Any

from ....runtime.apis.swap import SubnetPrice
from ....runtime.scale import codec_of, u64
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Hash
from ..runtime_apis import NetUid, byte_list, call_runtime_api, encode_u16, to_unsigned

namespace = Namespace()

PRICE, PRICES = codec_of(u64), codec_of(list[SubnetPrice])

#: rao, of TAO or of alpha.
Amount = Annotated[int, to_unsigned(64)]


@namespace.method()
def swap_currentAlphaPrice(node: Node, netuid: NetUid, at: Hash | None = None) -> int:
    """Return the price of a subnet's alpha, in rao for one alpha."""
    answer = call_runtime_api(
        node, "SwapRuntimeApi_current_alpha_price", encode_u16(netuid), at, "Unable to get current alpha price"
    )
    return PRICE.decode(answer)


@namespace.method(cost=Cost.LONG)
def swap_currentAlphaPriceAll(node: Node, at: Hash | None = None) -> list[dict[str, Any]]:
    """Return the prices of all subnets' alpha."""
    failure = "Unable to get all current alpha prices"
    prices = PRICES.decode(call_runtime_api(node, "SwapRuntimeApi_current_alpha_price_all", b"", at, failure))
    return [{"netuid": one.netuid, "price": one.price} for one in prices]


@namespace.method()
def swap_simSwapTaoForAlpha(node: Node, netuid: NetUid, tao: Amount, at: Hash | None = None) -> list[int]:
    """Return the result of buying alpha for an amount of TAO, in rao."""
    arguments, failure = encode_u16(netuid) + PRICE.encode(tao), "Unable to simulate tao -> alpha swap"
    return byte_list(node, call_runtime_api(node, "SwapRuntimeApi_sim_swap_tao_for_alpha", arguments, at, failure))


@namespace.method()
def swap_simSwapAlphaForTao(node: Node, netuid: NetUid, alpha: Amount, at: Hash | None = None) -> list[int]:
    """Return the result of selling an amount of alpha, in rao."""
    arguments, failure = encode_u16(netuid) + PRICE.encode(alpha), "Unable to simulate alpha -> tao swap"
    return byte_list(node, call_runtime_api(node, "SwapRuntimeApi_sim_swap_alpha_for_tao", arguments, at, failure))
