"""EVM: Ethereum accounts and contracts on this chain, and the precompiles by which contracts reach its pallets."""
