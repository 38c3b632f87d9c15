"""EVMChainId (index 23): the chain id of Ethereum transactions on this chain."""

from __future__ import annotations

from ..frame.pallet import Pallet
from ..scale import u64

pallet = Pallet("EVMChainId", 23, crate="pallet_evm_chain_id")

ChainId = pallet.value(u64, default=0, docs="The EIP-155 chain id, set by root.")

pallet.name_declared(globals())
