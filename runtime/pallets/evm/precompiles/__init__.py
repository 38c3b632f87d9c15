"""Precompiles: addresses whose calls run functions of the chain instead of bytecode.

* `handle`: what a precompile sees of its call. `errors`: how it fails. `abi`: Solidity's encoding of arguments and
  results. `contract`: declares functions by their Solidity signatures. `dispatching`: dispatches calls of pallets.
* One module for each contract (2048 to 2061), `standard` (Ethereum's 1 to 5 and two like them), `bn128` (7 to 9),
  `verification` (signatures of the chain's own schemes) and `runtime_calls` (6: an encoded call of the runtime).
* `table`: all of them by address.
"""
