"""The work of each block: emission, its split among subnets, injection into pools, epochs and their payments."""
