"""Commands that are derived from the runtime's declarations: calls (`tx`) and storage items (`query`).

Help and completion must not wait for the runtime, so they read `index.json`, which `indexing` derives from the
declarations; `make golden` writes it, and a test fails when it is stale.
"""
