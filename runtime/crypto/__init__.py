"""Hashing, SS58 addresses, keypairs and signature checks."""
