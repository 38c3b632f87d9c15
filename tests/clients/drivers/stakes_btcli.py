"""The life of a staker through `btcli` 9: its commands, without a terminal, and the interface to the chain behind them.

Its commands show their previews only to people that they ask; the driver asks the same interface for them.
"""

import asyncio
import json
import sys
from hashlib import blake2b
from importlib.metadata import version

import blocks
from bittensor_cli.src.bittensor.balances import Balance
from bittensor_cli.src.bittensor.subtensor_interface import SubtensorInterface
from terminal import ask, command, run, save_wallet

task = json.loads(sys.argv[1])
ROOT, NETUID, OTHER = 0, *task["netuids"]
OWNER, VALIDATOR, CHILD, NOMINATOR, VICTIM = task["names"]
WALLETS = {name: save_wallet(name) for name in task["names"]}
HOT = {name: wallet.hotkey.ss58_address for name, wallet in WALLETS.items()}
COLD = {name: wallet.coldkeypub.ss58_address for name, wallet in WALLETS.items()}
DIRECT = "--no-mev-protection"


def done(answer, of="answer"):
    """Assert that all parts of a command's answer that tell of success tell of it; commands nest them differently."""
    if isinstance(answer, dict):
        for key, part in answer.items():
            done(part, of if "success" in of else key)
    assert "success" not in of or answer, of
    return answer


class Life:
    """The interface to the chain, and what it saw."""

    def __init__(self, chain):
        self.chain = chain

    async def submit(self, who, pallet, name, **arguments):
        """Do what has no command, or what only prepares."""
        call = await self.chain.substrate.compose_call(pallet, name, arguments)
        sent = self.chain.sign_and_send_extrinsic(call, WALLETS[who], wait_for_finalization=True)
        success, message, _ = await sent
        assert success, (name, message)

    async def as_root(self, pallet, name, **arguments):
        call = await self.chain.substrate.compose_call(pallet, name, arguments)
        await self.submit(OWNER, "Sudo", "sudo", call=call)

    async def read(self, item, *keys):
        return await self.chain.query("SubtensorModule", item, list(keys))

    async def free(self, address):
        return (await self.chain.get_balance(address)).rao

    async def stake(self, who, hotkey, netuid=NETUID):
        where = [hotkey, COLD[who], netuid]
        info = await self.chain.query_runtime_api(
            "StakeInfoRuntimeApi", "get_stake_info_for_hotkey_coldkey_netuid", where
        )
        return int(info["stake"])

    async def fee(self, who, name, arguments):
        """Return the fee that the commands preview, in rao."""
        call = await self.chain.substrate.compose_call("SubtensorModule", name, arguments)
        return (await self.chain.get_extrinsic_fee(call, WALLETS[who].coldkeypub)).rao

    async def found(self):
        """Create the subnets, and let the validators join."""
        await self.as_root("AdminUtils", "sudo_set_network_rate_limit", rate_limit=0)
        # Root earns while the prices of the subnets, averaged here over few blocks, sum to more than 1.
        await self.as_root("AdminUtils", "sudo_set_subnet_moving_alpha", alpha={"bits": 1 << 32})
        # Otherwise the chain claims before the staker does.
        await self.as_root("SubtensorModule", "sudo_set_num_root_claims", new_value=0)
        for netuid in (NETUID, OTHER):
            hotkey = save_wallet("Alice", f"hot{netuid}").hotkey.ss58_address
            await self.submit(OWNER, "SubtensorModule", "register_network", hotkey=hotkey)
            await self.as_root("AdminUtils", "sudo_set_ema_price_halving_period", netuid=netuid, ema_halving=1)
        for netuid in (ROOT, NETUID, OTHER):
            await self.submit(OWNER, "SubtensorModule", "start_call", netuid=netuid)
        for who in (VALIDATOR, CHILD):
            await self.submit(who, "SubtensorModule", "burned_register", netuid=NETUID, hotkey=HOT[who])

    async def trade(self, arguments, call, quote):
        """Execute a trade of stake on the validator; report what was quoted, and what happened to both balances."""
        before = await self.free(COLD[VALIDATOR]), await self.stake(VALIDATOR, HOT[VALIDATOR])
        price = await self.chain.get_subnet_price(NETUID)
        fee = await self.fee(VALIDATOR, *call)
        done(ask("stake", *arguments, "--netuid", str(NETUID), "--tolerance", "0.5", DIRECT, who=VALIDATOR))
        return {
            "block": blocks.head(task["url"]),
            "price": price.rao,
            "fee": fee,
            "quoted": {"tao": quote.tao_amount.rao, "alpha": quote.alpha_amount.rao},
            "tao": await self.free(COLD[VALIDATOR]) - before[0],
            "alpha": await self.stake(VALIDATOR, HOT[VALIDATOR]) - before[1],
        }

    async def trades(self):
        tao, alpha = Balance.from_tao(task["stake_tao"]), Balance.from_tao(task["unstake_alpha"])
        terms = {"hotkey": HOT[VALIDATOR], "netuid": NETUID, "limit_price": 10**9, "allow_partial": False}
        call = "add_stake_limit", {**terms, "amount_staked": tao.rao}
        added = await self.trade(
            ["add", "--amount", str(task["stake_tao"])], call, await self.chain.sim_swap(ROOT, NETUID, tao.rao)
        )
        call = "remove_stake_limit", {**terms, "amount_unstaked": alpha.rao}
        removed = await self.trade(
            ["remove", "--amount", str(task["unstake_alpha"]), "--hotkey-ss58-address", HOT[VALIDATOR]],
            call,
            await self.chain.sim_swap(NETUID, ROOT, alpha.rao),
        )
        # As much as the pool has: the price would rise fourfold. The default tolerance is 5 %.
        much = ["stake", "add", "--netuid", str(NETUID), "--amount", str(task["much_tao"]), DIRECT]
        refused = ask(*much, who=VALIDATOR)
        done(ask(*much, "--unsafe", who=VALIDATOR))
        (reason,) = refused["error_messages"][str(NETUID)].values()
        return {"add": added, "remove": removed, "refused": reason}

    async def moves(self):
        """Move stake to another hotkey, transfer it to another coldkey, swap some to another subnet."""
        amount = ["--amount", str(task["moved_alpha"]), DIRECT]
        there = ["--origin-netuid", str(NETUID), "--dest-netuid", str(NETUID), *amount]
        before = await self.stake(VALIDATOR, HOT[VALIDATOR])
        done(ask("stake", "move", "--dest", HOT[CHILD], *there, who=VALIDATOR))
        moved = [before - await self.stake(VALIDATOR, HOT[VALIDATOR]), await self.stake(VALIDATOR, HOT[CHILD])]
        to = ["--dest-ss58", COLD[NOMINATOR], "--hotkey-ss58", HOT[CHILD]]
        done(ask("stake", "transfer", *there, who=VALIDATOR, hotkey=to))
        transferred = [await self.stake(VALIDATOR, HOT[CHILD]), await self.stake(NOMINATOR, HOT[CHILD])]
        before = await self.stake(VALIDATOR, HOT[VALIDATOR])
        across = ["--origin-netuid", str(NETUID), "--dest-netuid", str(OTHER), *amount, "--unsafe"]
        done(ask("stake", "swap", *across, who=VALIDATOR))
        swapped = [before - await self.stake(VALIDATOR, HOT[VALIDATOR])]
        swapped.append(await self.stake(VALIDATOR, HOT[VALIDATOR], OTHER))
        return {"moved": moved, "transferred": transferred, "swapped": swapped, "swap_block": blocks.head(task["url"])}

    async def delegation(self):
        """Set a take and a child; stake on the delegate, and take its dividends."""
        done(ask("sudo", "set-take", "--take", "0.1", who=VALIDATOR, prompt=()))
        child = ["--children", HOT[CHILD], "--proportions", "0.25", "--netuid", str(NETUID)]
        done(ask("stake", "child", "set", *child, who=VALIDATOR))
        blocks.make(task["url"], task["cooldown"])
        delegated = ["--netuid", str(NETUID), "--include-hotkeys", HOT[VALIDATOR], "--unsafe", DIRECT]
        done(ask("stake", "add", "--amount", "50", *delegated, who=NOMINATOR))
        start = await self.stake(NOMINATOR, HOT[VALIDATOR])
        blocks.make(task["url"], 2 * task["tempo"])
        delegate = await self.chain.query_runtime_api("DelegateInfoRuntimeApi", "get_delegate", [HOT[VALIDATOR]])
        return {
            "take": delegate["take"] / 65_535,
            "nominators": len(delegate["nominators"]),
            "children": [[int(share), child] for share, child in await self.read("ChildKeys", HOT[VALIDATOR], NETUID)],
            "parents": [[int(share), parent] for share, parent in await self.read("ParentKeys", HOT[CHILD], NETUID)],
            "dividends": await self.stake(NOMINATOR, HOT[VALIDATOR]) - start,
        }

    async def root(self):
        """Stake on root through the validator, and claim the alpha that it earns."""
        done(ask("subnets", "register", "--netuid", str(ROOT), who=VALIDATOR))
        where = ["--netuid", str(ROOT), "--include-hotkeys", HOT[VALIDATOR], DIRECT]
        done(ask("stake", "add", "--amount", str(task["root_tao"]), *where, who=NOMINATOR))
        done(ask("stake", "set-claim", "keep", who=NOMINATOR))
        blocks.make(task["url"], 5 * task["tempo"])
        start = await self.stake(NOMINATOR, HOT[VALIDATOR])
        done(ask("stake", "process-claim", "--netuids", str(NETUID), who=NOMINATOR))
        return {
            "block": blocks.head(task["url"]),
            "type": await self.read("RootClaimType", COLD[NOMINATOR]),
            "root": await self.stake(NOMINATOR, HOT[VALIDATOR], ROOT),
            "claimed": await self.stake(NOMINATOR, HOT[VALIDATOR]) - start,
        }

    async def hotkeys(self):
        """Give the validator a new hotkey."""
        new = save_wallet(VALIDATOR, "new").hotkey.ss58_address
        last = await self.read("LastMechansimStepBlock", NETUID)
        while await self.read("LastMechansimStepBlock", NETUID) == last:
            blocks.make(task["url"], 1)  # so that no epoch falls into the block of the swap
        before = await self.stake(VALIDATOR, HOT[VALIDATOR])
        done(ask("wallet", "swap-hotkey", "new", "--all-netuids", who=VALIDATOR))
        return {
            "owner": await self.chain.get_hotkey_owner(new),
            "uid": await self.read("Uids", NETUID, new),
            "before": before,
            "after": [await self.stake(VALIDATOR, HOT[VALIDATOR]), await self.stake(VALIDATOR, new)],
        }

    async def coldkeys(self):
        """One coldkey announces a swap and executes it, another's is disputed."""
        key = save_wallet(f"{CHILD}//new").coldkeypub
        new, digest = key.ss58_address, "0x" + blake2b(key.public_key, digest_size=32).hexdigest()
        before = await self.free(COLD[CHILD])
        fee = await self.fee(CHILD, "announce_coldkey_swap", {"new_coldkey_hash": digest})
        for who in (CHILD, VICTIM):
            command("wallet", "swap-coldkey", "announce", "--new-coldkey", new, DIRECT, who=who)
        command("wallet", "swap-coldkey", "dispute", DIRECT, who=VICTIM)
        blocks.make(task["url"], task["announcement"])
        execute = ["wallet", "swap-coldkey", "execute", "--new-coldkey", new, DIRECT]
        disputed = " ".join(run(*execute, who=VICTIM).stderr.split())
        fee += await self.fee(CHILD, "swap_coldkey_announced", {"new_coldkey": new})
        command(*execute, who=CHILD)
        return {
            "disputed": disputed,
            "before": before,
            "fee": fee,
            "after": [await self.free(COLD[CHILD]), await self.free(new)],
            "owner": await self.chain.get_hotkey_owner(HOT[CHILD]),
            "new": new,
        }

    async def lease(self):
        """Raise a crowdloan that registers a leased subnet; caps are whole TAO, deposits and contributions rounded."""
        cost = int((await self.chain.burn_cost()).tao)
        terms = ["--deposit", "100", "--min-contribution", "1", "--cap", str(2 * cost)]
        terms += ["--duration", str(task["crowdloan"] + 10), "--subnet-lease", "--emissions-share", "30"]
        # It asks whether a lease without end is meant, and cannot read calls back whose bytes are valid UTF-8.
        terms += ["--lease-end-block", "2000000"]
        done(ask("crowd", "create", *terms, who=NOMINATOR))
        for who, share in ((OWNER, cost), (VALIDATOR, 2 * cost)):
            done(ask("crowd", "contribute", "--id", "0", "--amount", str(share), who=who))
        raised = (await self.chain.query("Crowdloan", "Crowdloans", [0]))["raised"]
        before = await self.free(COLD[OWNER])
        done(ask("crowd", "finalize", "--id", "0", who=NOMINATOR))
        leased = await self.read("SubnetLeases", 0)
        return {
            "given": cost * 10**9,
            "refund": await self.free(COLD[OWNER]) - before,
            "raised": raised,
            "beneficiary": leased["beneficiary"],
            "netuid": leased["netuid"],
            "share": leased["emissions_share"],
            "cost": leased["cost"],
        }


async def main():
    async with SubtensorInterface(task["url"]) as chain:
        life = Life(chain)
        await life.found()
        seen = {"version": version("bittensor-cli"), **await life.trades(), **await life.moves()}
        for part in (life.delegation, life.root, life.hotkeys, life.coldkeys, life.lease):
            seen[part.__name__] = await part()
    sys.stdout.write("\n" + json.dumps(seen))


asyncio.run(main())
