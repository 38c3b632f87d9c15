"""Setting weights, directly or by commit and reveal."""
