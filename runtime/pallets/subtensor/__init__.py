"""SubtensorModule (index 7): subnets, neurons, weights, epochs, emission and stake."""

from . import constants, storage
from .pallet import pallet

__all__ = ["constants", "pallet", "storage"]
