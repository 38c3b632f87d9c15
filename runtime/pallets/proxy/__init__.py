"""Proxy (index 16): accounts that act for other accounts."""
