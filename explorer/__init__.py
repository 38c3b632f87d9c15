"""The chain in a browser: pages about any node, read by JSON-RPC and the node's own metadata alone.

`node` reads a node, `readers` make figures of what it answers, `pages` lay them out, and `serving` runs the web server.
"""
