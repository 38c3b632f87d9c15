"""Code that several pallets share: types of ids and amounts, account data, calls stored for later dispatch."""
