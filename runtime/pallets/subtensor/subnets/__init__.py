"""Which subnets exist, their mechanisms, symbols, hyperparameters, rate limits and epochs' timing."""
