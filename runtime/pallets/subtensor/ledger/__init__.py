"""Who holds what: TAO, alpha, shares of stake, pools and their prices, and how much a block emits."""
