"""Replays scripts that the genuine pallets executed and reports every difference: `python -m tests.genuine FILE…`.

script.py     reads a script file
player.py     executes its steps on our runtime
compare.py    compares each step with the genuine one and takes over the genuine state
evm_player.py, evm_compare.py   the same for scripts of the Ethereum side
replay.py     replays a file of either format
unbuilt.py    decides what is not built yet
naming.py     names storage items, events and errors
findings.py   collects differences and what is not built
__main__.py   the command line
scripts/      the files that the test suite replays
"""
