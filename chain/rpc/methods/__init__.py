"""The RPC methods, one file for each namespace."""
