"""Runtime APIs: what `state_call` answers."""
