"""Forks: a chain on a block of another node, whose state and older blocks are read over RPC when they are needed."""
