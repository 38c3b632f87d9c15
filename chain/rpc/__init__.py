"""JSON-RPC over WebSocket and HTTP: the one asynchronous corner."""
