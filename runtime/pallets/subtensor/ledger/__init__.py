"""Balances of the pallet: TAO, alpha, shares of stake, pools and their prices, and the emission of a block."""
