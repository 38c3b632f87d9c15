"""What only a chain for tests can do: go back, edit its state, act as any account, look into a block.

Each function works on a `Blockchain` between two blocks. `Chain` and the `dev_*` methods of the RPC offer them.
"""
