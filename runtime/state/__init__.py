"""Key-value state: undo log, trie and roots.

`overlay.State` is the state during a block, with layers that can be undone. `build` computes roots of whole tries,
`trie.Trie` updates the root of the head, `proof` proves single keys. `reference` has slow, simple versions for tests.
"""
