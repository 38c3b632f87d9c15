"""Moves: valid calls about what exists, each registered with `players.move`."""

from . import children, crowdloans, keys, locks, neurons, orders, root, root_stake, stake, weights

__all__ = ["children", "crowdloans", "keys", "locks", "neurons", "orders", "root", "root_stake", "stake", "weights"]
