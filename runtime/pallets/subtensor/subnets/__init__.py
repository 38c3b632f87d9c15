"""The subnets that exist, their mechanisms, symbols, hyperparameters, rate limits and the timing of their epochs."""
