"""The state-transition function: bytes in, bytes out; no clock, no I/O, no randomness."""
