"""A chain of several nodes: validators on CometBFT 0.38, which calls this node by its interface for applications."""
