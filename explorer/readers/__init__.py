"""Figures of pages: plain values, made of what a node answers. Nothing here knows how a page looks."""
