"""pysubtensor: Bittensor's chain in Python. This is the front door: what `import pysubtensor` gives."""
