"""Registration of neurons, their uids, what they publish about themselves."""
