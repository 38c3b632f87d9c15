"""The life of a staker through the `bittensor` 11 SDK: intents with their previews, and reads."""

import asyncio
import json
import sys
from importlib.metadata import version

import blocks
from bittensor import Balance, Client, calls, storage
from bittensor import intents as do
from bittensor._generated.calls import Call
from wallets_11 import wallet

task = json.loads(sys.argv[1])
ROOT, NETUID, OTHER = 0, *task["netuids"]
OWNER, VALIDATOR, CHILD, NOMINATOR, VICTIM = (wallet(name) for name in task["names"])


class Life:
    """The client, and what it saw."""

    def __init__(self, client):
        self.client = client

    async def do(self, intent, who):
        """Execute an intent; return the fee that its plan previews, in rao."""
        plan = await self.client.plan(intent, who)
        result = await self.client.execute(intent, who)
        assert result.success, (intent, result)
        return plan.fee.rao

    async def as_root(self, call):
        await self.submit(calls.Sudo.sudo(call=await self.client.compose(call)), OWNER)

    async def submit(self, call, who):
        result = await self.client.submit_call(call, who, signer="coldkey")
        assert result.success, (call, result)

    async def free(self, who):
        return (await self.client.read("balance", coldkey_ss58=who.cold)).rao

    async def stake(self, who, hotkey, netuid=NETUID):
        read = await self.client.read("stake", coldkey_ss58=who.cold, hotkey_ss58=hotkey, netuid=netuid)
        return read.rao

    async def price(self):
        return (await self.client.read("alpha_price", netuid=NETUID))["price_rao"]

    async def pass_epoch(self):
        """Produce blocks until an epoch of the subnet has run."""
        last = await self.client.query(storage.SubtensorModule.LastMechansimStepBlock, [NETUID])
        while await self.client.query(storage.SubtensorModule.LastMechansimStepBlock, [NETUID]) == last:
            blocks.make(task["url"], 1)

    async def trade(self, intent, who, quote):
        """Execute a trade of stake on the validator; report what was quoted, and what happened to both balances."""
        before, price = (await self.free(who), await self.stake(who, VALIDATOR.hot)), await self.price()
        fee = await self.do(intent, who)
        after = await self.free(who), await self.stake(who, VALIDATOR.hot)
        return {
            "block": blocks.head(task["url"]),
            "price": price,
            "fee": fee,
            "quoted": {"tao": quote.tao.rao, "alpha": quote.alpha.rao},
            "tao": after[0] - before[0],
            "alpha": after[1] - before[1],
        }

    async def found(self):
        """Create the subnets, and let the validators join."""
        await self.as_root(calls.AdminUtils.sudo_set_network_rate_limit(rate_limit=0))
        # Root earns while the prices of the subnets, averaged here over few blocks, sum to more than 1.
        await self.as_root(calls.AdminUtils.sudo_set_subnet_moving_alpha(alpha={"bits": 1 << 32}))
        # Otherwise the chain claims before the staker does.
        await self.as_root(Call("SubtensorModule", "sudo_set_num_root_claims", {"new_value": 0}))
        for netuid in (NETUID, OTHER):
            await self.do(do.RegisterSubnet(hotkey_ss58=wallet("Alice", f"hot{netuid}").hot), OWNER)
            await self.as_root(calls.AdminUtils.sudo_set_ema_price_halving_period(netuid=netuid, ema_halving=1))
        for netuid in (ROOT, NETUID, OTHER):
            await self.do(do.StartCall(netuid=netuid), OWNER)
        for who in (VALIDATOR, CHILD):
            # Version 11.3 shields registrations: two nonces, of which the client counts one. Another asks for the next.
            async with Client(task["url"]) as another:
                await Life(another).do(do.BurnedRegister(netuid=NETUID), who)

    async def trades(self):
        tao, alpha = task["stake_tao"], task["unstake_alpha"]
        quote = await self.client.read("quote_stake", netuid=NETUID, amount_tao=tao)
        add = do.AddStake(hotkey_ss58=VALIDATOR.hot, netuid=NETUID, amount_tao=tao, rate_tolerance=0.5)
        added = await self.trade(add, VALIDATOR, quote)
        quote = await self.client.read("quote_unstake", netuid=NETUID, amount_alpha=alpha)
        remove = do.RemoveStake(hotkey_ss58=VALIDATOR.hot, netuid=NETUID, amount_alpha=alpha, rate_tolerance=0.5)
        removed = await self.trade(remove, VALIDATOR, quote)
        # As much as the pool has: the price would rise fourfold. The default tolerance is 5 %.
        much = {"hotkey_ss58": VALIDATOR.hot, "netuid": NETUID, "amount_tao": task["much_tao"]}
        refused = await self.client.execute(do.AddStake(**much), VALIDATOR)
        await self.do(do.AddStake(**much, slippage_protection=False), VALIDATOR)
        return {"add": added, "remove": removed, "refused": refused.error.name}

    async def moves(self):
        """Move stake to another hotkey and back; transfer some to another coldkey."""
        amount = Balance.from_alpha(task["moved_alpha"], NETUID)
        there = {"origin_netuid": NETUID, "dest_netuid": NETUID, "amount_alpha": amount}
        before = await self.stake(VALIDATOR, VALIDATOR.hot)
        await self.do(do.MoveStake(origin_hotkey_ss58=VALIDATOR.hot, dest_hotkey_ss58=CHILD.hot, **there), VALIDATOR)
        moved = [before - await self.stake(VALIDATOR, VALIDATOR.hot), await self.stake(VALIDATOR, CHILD.hot)]
        await self.do(do.TransferStake(dest_coldkey_ss58=NOMINATOR.cold, hotkey_ss58=CHILD.hot, **there), VALIDATOR)
        transferred = [await self.stake(VALIDATOR, CHILD.hot), await self.stake(NOMINATOR, CHILD.hot)]
        before = await self.stake(VALIDATOR, VALIDATOR.hot)
        across = {"hotkey_ss58": VALIDATOR.hot, "origin_netuid": NETUID, "dest_netuid": OTHER, "amount_alpha": amount}
        await self.do(do.SwapStake(**across, slippage_protection=False), VALIDATOR)
        swapped = [before - await self.stake(VALIDATOR, VALIDATOR.hot)]
        swapped.append(await self.stake(VALIDATOR, VALIDATOR.hot, OTHER))
        return {"moved": moved, "transferred": transferred, "swapped": swapped, "swap_block": blocks.head(task["url"])}

    async def delegation(self):
        """Set takes and a child; stake on the delegate, and take its dividends."""
        await self.do(do.DecreaseTake(take=0.1), VALIDATOR)
        await self.do(do.SetChildren(netuid=NETUID, children=[[0.25, CHILD.hot]]), VALIDATOR)
        blocks.make(task["url"], task["cooldown"])
        await self.do(
            do.AddStake(hotkey_ss58=VALIDATOR.hot, netuid=NETUID, amount_tao=50, slippage_protection=False), NOMINATOR
        )
        start = await self.stake(NOMINATOR, VALIDATOR.hot)
        blocks.make(task["url"], 2 * task["tempo"])
        delegate = await self.client.read("delegate", hotkey_ss58=VALIDATOR.hot)
        return {
            "take": delegate.take,
            "nominators": delegate.nominators,
            "children": await self.client.read("children", hotkey_ss58=VALIDATOR.hot, netuid=NETUID),
            "parents": await self.client.read("parents", hotkey_ss58=CHILD.hot, netuid=NETUID),
            "dividends": await self.stake(NOMINATOR, VALIDATOR.hot) - start,
        }

    async def root(self):
        """Stake on root through the validator, and claim the alpha that it earns."""
        await self.do(do.RootRegister(), VALIDATOR)
        await self.do(do.AddStake(hotkey_ss58=VALIDATOR.hot, netuid=ROOT, amount_tao=task["root_tao"]), NOMINATOR)
        # As raw calls: version 11.3 has the intents of a later runtime.
        await self.submit(Call("SubtensorModule", "set_root_claim_type", {"new_root_claim_type": "Keep"}), NOMINATOR)
        blocks.make(task["url"], 5 * task["tempo"])
        start = await self.stake(NOMINATOR, VALIDATOR.hot)
        await self.submit(calls.SubtensorModule.claim_root(subnets=[NETUID]), NOMINATOR)
        return {
            "block": blocks.head(task["url"]),
            "type": await self.client.query(("SubtensorModule", "RootClaimType"), [NOMINATOR.cold]),
            "root": await self.stake(NOMINATOR, VALIDATOR.hot, ROOT),
            "claimed": await self.stake(NOMINATOR, VALIDATOR.hot) - start,
        }

    async def hotkeys(self):
        """Give the validator a new hotkey."""
        new = wallet(task["names"][1], "new")
        await self.pass_epoch()  # so that none falls into the block of the swap
        before = await self.stake(VALIDATOR, VALIDATOR.hot)
        await self.do(do.SwapHotkey(new_hotkey_ss58=new.hot, hotkey_ss58=VALIDATOR.hot), VALIDATOR)
        return {
            "owner": await self.client.read("hotkey_owner", hotkey_ss58=new.hot),
            "uid": await self.client.read("uid", hotkey_ss58=new.hot, netuid=NETUID),
            "before": before,
            "after": [await self.stake(VALIDATOR, VALIDATOR.hot), await self.stake(VALIDATOR, new.hot)],
        }

    async def coldkeys(self):
        """One coldkey announces a swap and executes it, another's is disputed."""
        new = wallet(task["names"][2] + "//new")
        before = await self.free(CHILD)
        fee = await self.do(do.AnnounceColdkeySwap(new_coldkey_ss58=new.cold), CHILD)
        await self.do(do.AnnounceColdkeySwap(new_coldkey_ss58=new.cold), VICTIM)
        await self.do(do.DisputeColdkeySwap(), VICTIM)
        blocks.make(task["url"], task["announcement"])
        disputed = await self.client.execute(do.SwapColdkeyAnnounced(new_coldkey_ss58=new.cold), VICTIM)
        fee += await self.do(do.SwapColdkeyAnnounced(new_coldkey_ss58=new.cold), CHILD)
        return {
            "disputed": disputed.error.name or disputed.message,
            "before": before,
            "fee": fee,
            "after": [await self.free(CHILD), await self.free(new)],
            "owner": await self.client.read("hotkey_owner", hotkey_ss58=CHILD.hot),
            "new": new.cold,
        }

    async def lease(self):
        """Raise a crowdloan that registers a leased subnet."""
        cost = await self.client.read("subnet_registration_cost")
        twice = Balance.from_rao(2 * cost.rao)
        end = blocks.head(task["url"]) + task["crowdloan"] + 10
        lease = {"op": "register_leased_network", "emissions_share": 30, "end_block": None}
        terms = {"deposit_tao": 100, "min_contribution_tao": 1, "cap_tao": twice}
        await self.do(do.CreateCrowdloan(**terms, end=end, call=lease), NOMINATOR)
        for who, share in ((OWNER, cost), (VALIDATOR, twice)):
            await self.do(do.ContributeCrowdloan(crowdloan_id=0, amount_tao=share), who)
        loan = await self.client.read("crowdloan", crowdloan_id=0)
        before = await self.free(OWNER)
        await self.do(do.FinalizeCrowdloan(crowdloan_id=0), NOMINATOR)
        leased = await self.client.read("lease", lease_id=0)
        return {
            "given": cost.rao,
            "refund": await self.free(OWNER) - before,
            "raised": loan["raised"].rao,
            "beneficiary": leased["beneficiary"],
            "netuid": leased["netuid"],
            "share": leased["emissions_share"],
            "cost": leased["cost"].rao,
        }


async def main():
    async with Client(task["url"]) as client:
        life = Life(client)
        await life.found()
        seen = {"version": version("bittensor"), **await life.trades(), **await life.moves()}
        for part in (life.delegation, life.root, life.hotkeys, life.coldkeys, life.lease):
            seen[part.__name__] = await part()
    json.dump(seen, sys.stdout)


asyncio.run(main())
