"""The generator of the stubs in `declared`: `python -m pysubtensor.chain.embed.typed.stubs` (`make stubs`)."""
