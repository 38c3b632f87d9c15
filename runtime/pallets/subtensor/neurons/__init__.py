"""Registration of neurons, their uids, endpoints, identities and EVM keys, and membership of root."""
