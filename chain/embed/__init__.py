"""The interface for programs that hold a chain, such as tests and tools: `from pysubtensor import Chain`."""
