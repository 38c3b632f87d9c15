"""The engine: frames of the EVM over the chain's storage, with the rules of spec 425.

`execution.py` runs calls and creations: transfers, precompiles, depth, undoing. Code runs in a `frame.py`, by the
operations of py-evm's Prague (`operations/`); that library, of the extra `pysubtensor[evm]`, is loaded when code
first runs.
"""
