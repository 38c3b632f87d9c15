"""The chain's rules as pure functions of numbers: without storage, I/O or a clock."""
