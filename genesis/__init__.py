"""The start of a chain: parameters, presets, block 0, chain specs and the development accounts."""
