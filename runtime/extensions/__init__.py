"""The runtime's transaction extensions, in their order on the wire."""
