"""`chainHead_v1_*`: following the head of the chain, and questions about blocks that a follower keeps pinned."""
