"""Weights: setting them directly, and by commit and reveal."""
