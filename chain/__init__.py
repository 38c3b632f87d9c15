"""The node around the runtime: blocks, history, pool, sealing, and the Chain facade."""
