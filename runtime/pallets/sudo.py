"""Sudo (index 12): one key that may call as root or as anybody."""

from __future__ import annotations

from ..frame.pallet import Pallet
from ..scale import AccountId

pallet = Pallet("Sudo", 12, crate="pallet_sudo")
Key = pallet.value("Key", AccountId, docs="The account of the sudo key.")
