"""What several pallets share: types of ids and amounts, account data, calls that are kept for later."""
