"""Benchmarks: one file a question, each figure with its ratio to a yardstick of the same run."""
