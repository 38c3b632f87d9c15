"""The transaction extensions of the runtime. `composition` has their order."""
