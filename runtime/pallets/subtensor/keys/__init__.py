"""Swaps of keys: a hotkey or a coldkey replaced by another, with all that it has."""
