"""The attributes of a chain with the names of what its runtime declares, as type checkers and editors see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ....runtime.frame.context import Context
from ....runtime.frame.runtime import Runtime
from . import names
from .items import Source

if TYPE_CHECKING:
    from . import declared


class Declarations:
    """A base class of `Chain`."""

    #: Calls to sign and to include in a block: `chain.tx.Pallet.call(…, signer="alice")` returns the receipt.
    tx: declared.Transactions
    #: Calls to pass to others: `chain.calls.Pallet.call(…)`.
    calls: declared.Calls
    #: Storage items: `chain.storage.Pallet.Item`, see `typed.items`.
    storage: declared.Storage
    #: Runtime APIs: `chain.apis.Api.method(…)`.
    apis: declared.Apis
    #: Values of constants on this chain: `chain.constants.Pallet.Constant`.
    constants: declared.Constants
    #: Classes of events, for `receipt.events_of`: `chain.events.Pallet.Event`.
    events: declared.Events
    #: Key pairs of the development accounts: `chain.accounts.alice`.
    accounts: declared.Accounts

    def _declare(
        self, runtime: Runtime, context: Callable[[Any], Context], execute: names.Execute, ask: names.Ask
    ) -> None:
        """Set the attributes: `context`, `execute` and `ask` are methods of the chain."""
        self.tx = names.transactions(runtime, execute)
        self.calls = names.calls(runtime)
        self.storage = names.storage(Source(runtime, context))
        self.apis = names.apis(runtime, ask)
        self.constants = names.constants(runtime)
        self.events = names.events(runtime)
        self.accounts = names.development_accounts()
