"""`pysubtensor keys`: keys, signatures and addresses, offline.

Functions import the cryptography, so that help and completion do not wait for it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .errors import Failed, Misused
from .groups import Commands
from .keystore import FOLDER, facts_of_stored, insert_key, password_option
from .output import emit_rows, emit_value, json_option, print_message
from .secret import ASK, SecretCommand, is_on_command_line, read_secret

if TYPE_CHECKING:
    from ..runtime.crypto import Keypair

SCHEMES = ("sr25519", "ed25519", "ecdsa")
#: The types of keys in a keystore.
TYPES = ("aura", "gran")
#: Bytes of a compressed ecdsa key; the other schemes' keys have 32.
ECDSA_PUBLIC = 33

scheme_option = click.option(
    "--scheme",
    type=click.Choice(SCHEMES),
    default="sr25519",
    show_default=True,
    help="Signature scheme of the key.",
)


@click.group(cls=Commands)
def keys() -> None:
    """Generate keys, show their addresses, keep them encrypted, sign and verify messages; offline.

    A secret URI is a mnemonic phrase or a seed (0x…), followed by an optional derivation path and an optional
    password: "phrase//hard/soft///password". Without a phrase it is a development key, such as //Alice. Phrases and
    seeds are not accepted on the command line, which other users and the shell's history keep: write "-" in place of
    a secret URI to be asked for it, or to have it read from standard input.
    """


type_option = click.option(
    "--type",
    "key_type",
    type=click.Choice(TYPES),
    default="aura",
    show_default=True,
    help="Type of the key in the keystore. aura: seals blocks (sr25519); gran: votes on finality (ed25519).",
)


@keys.command()
@click.option(
    "--words",
    type=click.Choice(["12", "15", "18", "21", "24"]),
    default="12",
    show_default=True,
    help="Words of the phrase.",
)
@scheme_option
@click.option(
    "--keystore",
    type=FOLDER,
    help="Put the key, of the type's scheme, into this keystore, encrypted; its phrase is not printed.",
)
@type_option
@password_option
@json_option
def generate(words: str, scheme: str, keystore: Path | None, key_type: str, password_file: Path | None) -> None:
    """Generate a key and print its mnemonic phrase, public key and address. Keep the phrase secret: it is the key.

    With --keystore the phrase is not printed: back up the file and the password.
    """
    from ..runtime.crypto import Keypair, Scheme
    from ..runtime.crypto.mnemonics import ENTROPY_LENGTHS

    if keystore is not None and is_on_command_line("scheme"):
        raise click.UsageError("the scheme of a key in a keystore follows from --type; leave out --scheme")
    entropy = os.urandom(ENTROPY_LENGTHS[int(words)])
    key, phrase = Keypair.generate(int(words), entropy=entropy, scheme=Scheme[scheme.upper()])
    if keystore is None:
        emit_value({"phrase": phrase, **facts_of_key(key)})
    else:
        emit_value(insert_key(keystore, key_type, phrase, password_file))


@keys.command(cls=SecretCommand)
@click.argument("uri", default=ASK)
@click.option("--keystore", type=FOLDER, required=True, help="Folder of the keystore; it is made if it is missing.")
@type_option
@password_option
@json_option
def insert(uri: str, keystore: Path, key_type: str, password_file: Path | None) -> None:
    """Put the key of the secret URI into a keystore, encrypted with the keystore's password.

    Without URI, or with "-", it is asked for, or read from standard input. `pysubtensor devnet --keystore` seals blocks
    with the keys of type aura.
    """
    emit_value(insert_key(keystore, key_type, read_secret(uri, "uri"), password_file))


@keys.command(name="list")
@click.option("--keystore", type=FOLDER, required=True, help="Folder of the keystore.")
@json_option
def list_(keystore: Path) -> None:
    """List the types, public keys and addresses of the keys in a keystore; no password is needed."""
    from ..chain.engine.keystore import Keystore

    rows = [facts_of_stored(key.key_type, key.public) for key in Keystore(keystore).entries()]
    emit_rows(["type", "public", "address"], [list(row.values()) for row in rows])


@keys.command(cls=SecretCommand)
@click.argument("key", default=ASK)
@click.option("--public", is_flag=True, help="Read KEY as a public key (0x…) instead of a seed.")
@click.option(
    "--prefix", type=click.IntRange(0, 16383), default=42, show_default=True, help="SS58 prefix of the printed address."
)
@scheme_option
@json_option
def inspect(key: str, public: bool, prefix: int, scheme: str) -> None:
    """Show the public key, account and address of KEY: a secret URI, an address or, with --public, a public key.

    Without KEY, or with "-", a secret URI is asked for, or read from standard input.
    """
    from ..runtime.crypto import Ss58Error, ss58_decode

    try:
        found = hex_bytes(key) if public else ss58_decode(key)
    except Ss58Error:
        facts = facts_of_key(keypair(read_secret(key, "key"), scheme), prefix)
    else:
        facts = facts_of_public(found, scheme, prefix)
    emit_value(facts)


@keys.command(cls=SecretCommand)
@click.argument("uri")
@click.argument("message")
@scheme_option
@json_option
def sign(uri: str, message: str, scheme: str) -> None:
    """Sign MESSAGE (text, or bytes as 0x…) with the key of the secret URI, such as //Alice or "-"."""
    key = keypair(read_secret(uri, "uri"), scheme)
    emit_value({"signature": "0x" + key.sign(message_bytes(message)).hex(), "address": key.address})


@keys.command()
@click.argument("signature")
@click.argument("message")
@click.argument("address")
@scheme_option
def verify(signature: str, message: str, address: str, scheme: str) -> None:
    """Check that SIGNATURE (0x…) of MESSAGE was made by the key of ADDRESS. The exit code is 1 if it was not."""
    from ..runtime.client.text import parse_account
    from ..runtime.crypto import Scheme, verify_account

    account = parse_account(address)
    if not verify_account(Scheme[scheme.upper()], hex_bytes(signature), message_bytes(message), account):
        raise Failed(f"the signature is not that of {address} over this message ({scheme})")
    print_message("The signature is valid.")


def keypair(uri: str, scheme: str) -> Keypair:
    """Return the key of a secret URI."""
    from ..runtime.crypto import Keypair, Scheme

    return Keypair.from_uri(uri, Scheme[scheme.upper()])


def message_bytes(text: str) -> bytes:
    """Return the bytes to sign: hexadecimal after 0x, else the text itself."""
    return hex_bytes(text) if text.startswith("0x") else text.encode()


def hex_bytes(text: str) -> bytes:
    """Return the bytes of 0x…; other text is not repeated in the message, for it may be a misplaced secret."""
    from ..runtime.client.errors import PlainError
    from ..runtime.client.text import parse_hex

    try:
        return parse_hex(text)
    except PlainError:
        raise Misused("expected 0x and pairs of hexadecimal digits, got other text") from None


def facts_of_key(key: Keypair, prefix: int = 42) -> dict[str, str]:
    """Return scheme, public key, account and address of a key."""
    return facts_of_public(key.public, key.scheme.name.lower(), prefix)


def facts_of_public(public: bytes, scheme: str, prefix: int) -> dict[str, str]:
    """Return the same, from the public key."""
    from ..runtime.crypto import blake2_256, ss58_encode

    size = ECDSA_PUBLIC if scheme == "ecdsa" else 32
    if len(public) != size:
        raise Misused(f"expected a public key of {size} bytes ({scheme}), got {len(public)}")
    account = blake2_256(public) if scheme == "ecdsa" else public
    return {
        "scheme": scheme,
        "public": "0x" + public.hex(),
        "account": "0x" + account.hex(),
        "address": ss58_encode(account, prefix),
    }
