"""Rules as pure functions on numbers: no storage, no I/O, no clock."""
