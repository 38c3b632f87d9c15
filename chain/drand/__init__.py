"""Pulses from outside: from drand's HTTP API, and from files with its answers."""
