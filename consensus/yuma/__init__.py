"""Yuma Consensus: one epoch of one mechanism of one subnet, from arrays to arrays."""
