"""Functions for clients of a runtime: plain values, names, signatures, receipts, encryption."""
