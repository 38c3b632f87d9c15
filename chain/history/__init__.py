"""Stored blocks and states, and the stores that hold them."""
