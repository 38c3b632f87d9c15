"""The signer of a transaction, from the option --from: a secret URI, or a wallet of the SDK."""

from __future__ import annotations

import click

from ..runtime.client.development import find_uri
from ..runtime.crypto import Keypair, Scheme, SecretError, Ss58Error, ss58_decode
from .accounts import NAMES, wallets_folder
from .errors import Misused
from .groups import similar
from .secret import ASK, has_secret, is_on_command_line, read_secret
from .wallet_encryption import WalletError
from .wallets import wallet_key

#: The option, as errors name it.
FROM = "--from"
FORMS = "a development key such as //Alice, a wallet (NAME or NAME/HOTKEY), or - to be asked for a phrase or a seed"


def signer_key(given: str, scheme: str) -> Keypair:
    """Return the key of a signer; its phrase or password may be asked for. Raises BadParameter, which names --from."""
    try:
        if is_wallet(given):
            return _wallet_key(given, scheme)
        return Keypair.from_uri(read_secret(given, "sender"), Scheme[scheme.upper()])
    except (Misused, SecretError, WalletError) as error:
        raise click.BadParameter(str(error), param_hint=f"'{FROM}'") from None


def is_wallet(given: str) -> bool:
    """Return whether a signer is no secret URI: those begin with a slash, or have a phrase or a seed."""
    may_be_secret = not is_on_command_line("sender") and has_secret(given)
    return given != ASK and not given.startswith("/") and not has_secret(given) and not may_be_secret


def _wallet_key(given: str, scheme: str) -> Keypair:
    name, _, hotkey = given.partition("/")
    folder, uri = wallets_folder(), find_uri(given)
    if not (folder / name).is_dir():
        if uri is not None:
            return Keypair.from_uri(uri, Scheme[scheme.upper()])
        raise Misused(f"expected {FORMS}; {_why_not(given)}")
    if scheme != "sr25519":
        raise Misused(f"the keys of wallets are sr25519; leave out --scheme {scheme}")
    return wallet_key(folder, name, hotkey or None)


def _why_not(given: str) -> str:
    """Return what a text is that is no signer, and what was probably meant."""
    try:
        ss58_decode(given)
        return "got an address, which is public: transactions are signed with the secret of its account"
    except Ss58Error:
        pass
    folder = wallets_folder()
    wallets = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    near = [*similar(given.partition("/")[0], wallets), *(f"//{name}" for name in similar(given, NAMES))]
    hint = f": did you mean {' or '.join(near)}?" if near else ""
    return f"there is no wallet {given!r:.60} in {folder}{hint}"
