"""The interface for programs that hold a chain: tests and tools. `from pysubtensor import Chain` is its front door."""
