"""JSON-RPC over WebSocket and HTTP: the asynchronous part of the node."""
