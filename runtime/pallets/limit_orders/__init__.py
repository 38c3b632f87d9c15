"""LimitOrders (index 32): orders that their owners sign and relayers execute; see `calls`."""
