"""Declarations of SubtensorModule besides storage: the pallet object, constants, limits, types, errors and events."""
