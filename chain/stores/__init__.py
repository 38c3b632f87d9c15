"""Where blocks and state are kept: memory, LevelDB, and a second embedded engine."""
