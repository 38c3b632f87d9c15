"""What a pallet is made of, and how extrinsics and blocks are executed."""
