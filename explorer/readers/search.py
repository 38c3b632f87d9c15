"""Finding blocks, extrinsics, accounts, subnets and storage by what a person wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...runtime.client.errors import PlainError
from ...runtime.crypto import blake2_256
from ..node.connection import NodeError
from ..node.encoding import account as account_of
from ..node.extrinsics import decode_extrinsic
from ..node.node import Node, from_hex, to_hex
from ..node.values import Account
from .live import Live
from .subnets import read_subnets

#: Blocks back from the head in which an extrinsic is looked for, and results of a search.
BLOCKS, MOST = 256, 40
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_EXTRINSIC = re.compile(r"([0-9]{1,10})-([0-9]{1,6})")
_NUMBER = re.compile(r"#?([0-9][0-9_,]{0,12})")


@dataclass(frozen=True, slots=True)
class Found:
    """Something with a page of its own."""

    kind: str
    name: str
    link: str


async def search(node: Node, live: Live, wanted: str) -> list[Found]:
    """Return what this text may mean, the likeliest first."""
    text = wanted.strip()[:200]
    if match := _EXTRINSIC.fullmatch(text):
        return [Found("Extrinsic", text, f"/extrinsic/{match[1]}-{match[2]}")]
    if match := _NUMBER.fullmatch(text):
        return await _by_number(node, int(re.sub("[_,]", "", match[1])))
    if _HASH.fullmatch(text):
        return await _by_hash(node, live, text.lower())
    try:
        address = Account(account_of(text)).address
        return [Found("Account", address, f"/account/{address}")]
    except PlainError:
        return await _by_name(node, text.casefold())


async def _by_number(node: Node, number: int) -> list[Found]:
    found = []
    if number < 1 << 32 and await node.block_hash(number) is not None:
        found.append(Found("Block", f"{number:,}", f"/block/{number}"))
    if number <= 65_535 and await node.storage("SubtensorModule", "NetworksAdded", number):
        found.append(Found("Subnet", str(number), f"/subnet/{number}"))
    return found


async def _by_hash(node: Node, live: Live, text: str) -> list[Found]:
    if await node.call("chain_getHeader", text) is not None:
        return [Found("Block", text, f"/block/{text}")]
    known = live.find(text)
    if known is not None:
        return [Found("Extrinsic", known.name, f"/extrinsic/{known.block}-{known.index}")]
    account = Account(bytes.fromhex(text[2:]))
    extrinsic = await _older_extrinsic(node, live, text)
    if extrinsic is not None:
        return [extrinsic]
    return [Found("Account", f"{account.address}, if this is a public key", f"/account/{account.address}")]


async def _older_extrinsic(node: Node, live: Live, text: str) -> Found | None:
    """Return an extrinsic of a block before those that are kept; nodes have no index of them."""
    block_hash = live.head.hash if live.head else await node.block_hash()
    for _ in range(BLOCKS):
        found = None if block_hash is None else await node.call("chain_getBlock", block_hash)
        if not found:
            return None
        raws = [from_hex(raw) for raw in found["block"]["extrinsics"]]
        hashes = [to_hex(blake2_256(raw)) for raw in raws]
        if text in hashes:
            index, number = hashes.index(text), int(found["block"]["header"]["number"], 16)
            extrinsic = decode_extrinsic(await node.interface(block_hash), raws[index])
            return Found("Extrinsic", extrinsic.name, f"/extrinsic/{number}-{index}")
        block_hash = found["block"]["header"]["parentHash"]
    return None


async def _by_name(node: Node, text: str) -> list[Found]:
    found: list[Found] = []
    try:
        subnets = await read_subnets(node)
    except NodeError:
        subnets = []
    for subnet in subnets:
        if text == subnet.symbol.casefold() or text in subnet.name.casefold():
            found.append(Found("Subnet", f"{subnet.netuid} {subnet.name}", f"/subnet/{subnet.netuid}"))
    interface = await node.interface()
    for pallet in interface.pallets:
        for item in interface.items(pallet):
            if text in f"{pallet}.{item}".casefold():
                found.append(Found("Storage", f"{pallet}.{item}", f"/storage/{pallet}/{item}"))
    return found[:MOST]
