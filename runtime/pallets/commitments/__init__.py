"""Commitments (index 18): data that hotkeys publish on a subnet."""
