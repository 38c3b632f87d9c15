"""What SubtensorModule declares besides storage: the pallet object, constants, types, errors, events, fixed limits."""
