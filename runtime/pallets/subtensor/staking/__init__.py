"""Stake: adding, removing and locking it, children and parents, its weight in consensus, claims and voting power."""
