"""Who authors blocks, when they are final, and where transactions go."""
