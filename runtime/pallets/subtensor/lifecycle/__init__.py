"""How subnets are registered, started, dissolved, and how their owner changes."""
