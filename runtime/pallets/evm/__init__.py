"""EVM (index 22): contracts of Ethereum, their code and storage, and the engine that runs them."""
