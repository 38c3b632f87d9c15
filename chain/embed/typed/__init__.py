"""Typed access to what a runtime declares: calls, storage, runtime APIs, constants and events as attributes.

`names` and `items` are the objects at run time, which find each declaration when it is first used. Type checkers and
editors see the stubs in `declared`, which `generate` writes from the runtime's declarations.
"""
