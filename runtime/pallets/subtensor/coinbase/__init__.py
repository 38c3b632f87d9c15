"""What happens in each block: emission, its split among subnets, injection into pools, and what epochs hand out."""
