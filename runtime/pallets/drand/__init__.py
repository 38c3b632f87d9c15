"""Drand (index 26): the pulses of a randomness beacon, which open what was encrypted for their rounds."""
