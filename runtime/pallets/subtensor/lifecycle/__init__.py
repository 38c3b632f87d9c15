"""How subnets begin, change their owner and end."""
