"""Networks with the real engine: `make network-test` runs them, and prints what they measure. They need Go's engine."""
