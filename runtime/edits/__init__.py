"""Edits of a state that a test asks for: balances, stake, subnets, neurons, limits.

They are functions of a `Context` at the beginning of a block. All but raw writes keep the invariants of
`runtime.invariants`. They fail as calls do, with DispatchFailed.
"""
