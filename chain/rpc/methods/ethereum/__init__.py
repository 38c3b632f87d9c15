"""`eth_*`, `net_*`, `web3_*` and `debug_*`: the chain as Ethereum's clients see it, in the shapes of Frontier's node.

Everything follows from the runtime API for Ethereum and from the digests of headers.
"""
