"""What `status`, `subnets` and `metagraph` print, read from a node."""

from __future__ import annotations

from typing import Any

from ..genesis.accounts import ACCOUNTS
from ..runtime.client.to_plain import to_plain
from ..runtime.pallets.subtensor.storage import SubnetworkN
from ..runtime.pallets.system import Account
from ..runtime.scale import AccountId, codec_of
from .amounts import Amount, emit_amount_rows, percent
from .client import Client
from .markets import Subnet, ask, find_subnet, subnets
from .output import emit_json, emit_rows, emit_value, print_message, wants_json
from .remote import Remote

#: The greatest u16, which stands for 100 %.
WHOLE = 65_535


def show_status(url: str) -> None:
    """Print a node at a glance."""
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        final = int(client.call("chain_getHeader", client.call("chain_getFinalizedHead"))["number"], 16)
        facts = {
            "node": f"{client.call('system_name')} {client.call('system_version')}",
            "chain": client.call("system_chain"),
            "url": client.url,
            "genesis": "0x" + remote.genesis_hash.hex(),
            "head": remote.head_number(),
            "final": final,
            "waiting transactions": len(client.call("author_pendingExtrinsics")),
            "subnets": len(subnets(remote)),
        }
        accounts = [(f"//{name}", account, remote.storage(Account, (account,))) for name, account in ACCOUNTS.items()]
    rows = [
        {"account": name, "address": address_of(account), "free": Amount(info.data.free, "tao"), "nonce": info.nonce}
        for name, account, info in accounts
        if info.data.free
    ]
    if wants_json():
        plain = [{**row, "free": info.data.free} for row, (_, _, info) in zip(rows, accounts, strict=False)]
        emit_json({name.replace(" ", "_"): value for name, value in facts.items()} | {"accounts": plain})
    else:
        emit_value(facts)
        if rows:
            emit_rows(list(rows[0]), [list(row.values()) for row in rows])


def address_of(account: bytes) -> Any:
    """Return the address of an account."""
    return to_plain(codec_of(AccountId), account)


def show_subnets(url: str) -> None:
    """Print all subnets."""
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        found = subnets(remote)
        infos = {info.netuid: info for info in ask(remote, "SubnetInfoRuntimeApi.get_all_dynamic_info") if info}
        rows = [subnet_row(remote, each, infos[each.netuid]) for each in found]
    emit_amount_rows(rows)


def subnet_row(remote: Remote, each: Subnet, info: Any) -> dict[str, Any]:
    """Return a row of the list of subnets; the next epoch is the number of its block."""
    epoch = ask(remote, "SubnetInfoRuntimeApi.get_next_epoch_start_block", each.netuid) if each.netuid else None
    return {
        "netuid": each.netuid,
        "name": each.name,
        "symbol": each.symbol,
        "price": Amount(each.price, "tao"),
        "tao_in_pool": Amount(info.tao_in, "tao"),
        "alpha_in_pool": Amount(info.alpha_in, each.unit),
        "neurons": remote.storage(SubnetworkN, (each.netuid,)),
        "tempo": info.tempo,
        "next_epoch": epoch,
    }


def show_metagraph(wanted: str, url: str) -> None:
    """Print the neurons of a subnet."""
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        subnet = find_subnet(subnets(remote), wanted)
        found = ask(remote, "SubnetInfoRuntimeApi.get_metagraph", subnet.netuid)
    rows = [neuron_row(found, uid, subnet.unit) for uid in range(found.num_uids)]
    if rows or wants_json():
        emit_amount_rows(rows)
    if not wants_json():
        owner = "" if subnet.netuid == 0 else f", owner {address_of(found.owner_coldkey)}"
        state = f"tempo {found.tempo}, {found.blocks_since_last_step} blocks since the last epoch{owner}"
        print_message(f"Subnet {subnet}: {found.num_uids} of {found.max_uids} neurons, {state}.")


def neuron_row(found: Any, uid: int, unit: str) -> dict[str, Any]:
    """Return a row of the metagraph; shares are in percent of the greatest value, as JSON u16 proportions."""

    def share(value: Any) -> Any:
        return int(value) if wants_json() else percent(int(value), WHOLE)

    return {
        "uid": uid,
        "hotkey": address_of(found.hotkeys[uid]),
        "coldkey": address_of(found.coldkeys[uid]),
        "stake": Amount(int(found.total_stake[uid]), unit),
        "permit": bool(found.validator_permit[uid]),
        "active": bool(found.active[uid]),
        "incentive": share(found.incentives[uid]),
        "consensus": share(found.consensus[uid]),
        "dividends": share(found.dividends[uid]),
        "emission": Amount(int(found.emission[uid]), unit),
        "updated": int(found.last_update[uid]),
    }
