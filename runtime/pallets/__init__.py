"""The pallets: one file each, a folder where one is large."""
