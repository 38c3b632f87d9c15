"""Texts of errors of calls: what Rust's `&'static str` and `Debug` of `DispatchError` say."""

from __future__ import annotations

from ....frame.errors import (
    Arithmetic,
    ArithmeticFault,
    BadOrigin,
    CannotLookup,
    ConsumerRemaining,
    Corruption,
    DispatchError,
    Exhausted,
    Module,
    NoProviders,
    Other,
    RootNotAllowed,
    Token,
    TokenError,
    TooManyConsumers,
    Transactional,
    TransactionalError,
    Trie,
    Unavailable,
)
from ....frame.runtime import Runtime

#: Errors without details.
TEXTS: dict[type[DispatchError], str] = {
    Other: "",
    CannotLookup: "Cannot lookup",
    BadOrigin: "Bad origin",
    ConsumerRemaining: "Consumer remaining",
    NoProviders: "No providers",
    TooManyConsumers: "Too many consumers",
    Exhausted: "Resources exhausted",
    Corruption: "State corrupt",
    Unavailable: "Resource unavailable",
    RootNotAllowed: "Root not allowed",
}
DETAILS: dict[TokenError | ArithmeticFault | TransactionalError, str] = {
    TokenError.FundsUnavailable: "Funds are unavailable",
    TokenError.OnlyProvider: "Account that must exist would die",
    TokenError.BelowMinimum: "Account cannot exist with the funds that would be given",
    TokenError.CannotCreate: "Account cannot be created",
    TokenError.UnknownAsset: "The asset in question is unknown",
    TokenError.Frozen: "Funds exist but are frozen",
    TokenError.Unsupported: "Operation is not supported by the asset",
    TokenError.CannotCreateHold: "Account cannot be created for recording amount on hold",
    TokenError.NotExpendable: "Account that is desired to remain would die",
    TokenError.Blocked: "Account cannot receive the assets",
    ArithmeticFault.Underflow: "An underflow would occur",
    ArithmeticFault.Overflow: "An overflow would occur",
    ArithmeticFault.DivisionByZero: "Division by zero",
    TransactionalError.LimitReached: "Too many transactional layers have been spawned",
    TransactionalError.NoLayer: "A transactional layer was expected, but does not exist",
}


def error_text(runtime: Runtime, error: DispatchError) -> str:
    """Return the text of an error: of a pallet's error its name."""
    if isinstance(error, Module):
        return module_error_name(runtime, error)
    if isinstance(error, Token | Arithmetic | Transactional):
        return DETAILS[error.error]
    # No call of this chain fails with an error of a trie.
    return error.error.name if isinstance(error, Trie) else TEXTS[type(error)]


def module_error_name(runtime: Runtime, error: Module) -> str:
    """Return the name of a pallet's error, or what Rust says of one that it does not know."""
    pallet = runtime.by_index.get(error.error.index)
    errors = pallet.error if pallet else None
    index = error.error.error[0]
    return next((member.name for member in errors or () if member.index == index), "Unknown module error")


def debug_text(error: DispatchError) -> str:
    """Return an error that was read from storage as Rust's `Debug` writes it."""
    name = type(error).__name__
    if isinstance(error, Module):
        parts = ", ".join(map(str, error.error.error))
        return f"Module(ModuleError {{ index: {error.error.index}, error: [{parts}], message: None }})"
    if isinstance(error, Token | Arithmetic | Transactional | Trie):
        return f"{name}({error.error.name})"
    return 'Other("")' if isinstance(error, Other) else name
