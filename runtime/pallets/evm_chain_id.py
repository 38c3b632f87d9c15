"""EVMChainId (index 23): the number by which Ethereum's transactions name this chain."""

from __future__ import annotations

from ..frame.pallet import Pallet
from ..scale import u64

pallet = Pallet("EVMChainId", 23, crate="pallet_evm_chain_id")

ChainId = pallet.value(u64, default=0, docs="The EIP-155 chain id; root sets it.")

pallet.name_declared(globals())
