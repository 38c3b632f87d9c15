"""Key-value state: undo log, trie and roots.

`overlay.State` is the state as a block sees it, `build` makes roots from nothing, `trie.Trie` keeps the head's
root up to date, `proof` proves single keys. `reference` holds the slow, obvious versions of the first two.
"""
