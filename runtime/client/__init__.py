"""What a client of a runtime needs: plain values, names, signatures, receipts, encryption."""
