"""The framework: declarations of pallets and runtime APIs, extrinsics, origins, weights, and `Runtime`.

Nothing here names a pallet. The executive and the pallets are built on it.
"""
