"""SCALE: types that encode, decode and describe themselves."""
