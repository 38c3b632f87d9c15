"""Stake: add, remove, lock, pass on to children, weigh and claim."""
