"""A node as the explorer sees it: JSON-RPC, types from metadata, values, signed transactions."""
