"""DelegateInfoRuntimeApi: hotkeys to which other coldkeys may delegate stake."""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets.subtensor.views import delegate_info as views
from ..pallets.subtensor.views.delegate_info import Delegated, DelegateInfo
from ..scale import AccountId

api = RuntimeApi("DelegateInfoRuntimeApi", 1, docs="Reads delegates, their nominators and their returns.")


@api.method
def get_delegates(ctx: Context) -> list[DelegateInfo]:
    """Return all delegates."""
    return views.get_delegates(ctx)


@api.method
def get_delegate(ctx: Context, delegate_account: AccountId) -> DelegateInfo | None:
    """Return a delegate by its hotkey."""
    return views.get_delegate(ctx, delegate_account)


@api.method
def get_delegated(ctx: Context, delegatee_account: AccountId) -> list[Delegated]:
    """Return the delegates of a coldkey, with its alpha on them by subnet."""
    return views.get_delegated(ctx, delegatee_account)
