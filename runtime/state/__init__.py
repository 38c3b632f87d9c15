"""Key-value state: undo log, trie and roots."""
