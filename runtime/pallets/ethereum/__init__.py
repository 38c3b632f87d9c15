"""Ethereum (index 21): transactions signed by Ethereum keys, and an Ethereum block beside each block of the chain."""
