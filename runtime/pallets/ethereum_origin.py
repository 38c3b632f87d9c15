"""The origin of transactions signed by an Ethereum key (index 21). No call is dispatched with it yet."""

from __future__ import annotations

from ..scale import H160, Sum

INDEX = 21


class RawOrigin(Sum, path="pallet_ethereum::RawOrigin", positional=True):
    """The origins of the Ethereum pallet."""

    pallet_name, pallet_index = "Ethereum", INDEX
    type_name = "pallet_ethereum::Origin"


class EthereumTransaction(RawOrigin, index=0):
    """A transaction signed by an Ethereum key."""

    source: H160
