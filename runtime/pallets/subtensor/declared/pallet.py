"""The pallet object. The files with constants, storage items, calls and hooks register them with it."""

from __future__ import annotations

from ....frame.call import RuntimeCall
from ....frame.pallet import Pallet
from .errors import Error
from .events import Event

pallet = Pallet("SubtensorModule", 7, crate="pallet_subtensor", event=Event, error=Error, storage_version=7)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")
pallet.associated_type("SudoRuntimeCall", RuntimeCall, docs="A call made as root.")
