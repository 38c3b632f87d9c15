"""Every intent and every read of the `bittensor` 11.0 SDK once, in an order in which each can succeed.

The report has the outcome of each: "ok", or the error.
"""

import asyncio
import json
import sys
from importlib.metadata import version

import blocks
from bittensor import Client, calls, storage
from bittensor.evm import association_proof
from bittensor.intents.registry import REGISTRY, build
from bittensor.intents.weights import normalize
from commits import commitment
from eth_account import Account
from wallets_11 import wallet

task = json.loads(sys.argv[1])
ROOT, NETUID, OTHER = 0, *task["netuids"]
SALT, UIDS, WEIGHTS = [11, 22, 33], [1, 2], [1.0, 0.5]
EVM_KEY = Account.from_key("0x" + "11" * 32)
EVM_ADDRESS = EVM_KEY.address
ALICE, BOB, CHARLIE, DAVE, EVE, FERDIE = map(wallet, ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"))


class Tour:
    """The client, and the outcomes."""

    def __init__(self, client):
        self.client = client
        self.intents, self.reads = {}, {}

    async def do(self, op, who=ALICE, *, proxy_for=None, **args):
        """Execute an intent; note its outcome, unless it has succeeded before."""
        try:
            result = await self.client.execute(build(op, args), who, proxy_for=proxy_for)
            outcome = "ok" if result.success else result.error.name or result.message
        except Exception as error:  # noqa: BLE001  # whatever the SDK raises is the outcome
            result, outcome = None, f"{type(error).__name__}: {error}"
        if self.intents.get(op) != "ok":
            self.intents[op] = outcome
        return result

    async def submit(self, call, who, signer="coldkey"):
        """Submit a call for which there is no intent."""
        result = await self.client.submit_call(call, who, signer=signer)
        assert result.success, (call, result)
        return result

    async def as_root(self, call):
        await self.submit(calls.Sudo.sudo(call=await self.client.compose(call)), ALICE)

    def pass_blocks(self, count):
        blocks.make(task["url"], count)

    async def pass_epoch(self):
        """Produce blocks until an epoch of the subnet has run."""
        last = await self.client.query(storage.SubtensorModule.LastMechansimStepBlock, [NETUID])
        while await self.client.query(storage.SubtensorModule.LastMechansimStepBlock, [NETUID]) == last:
            self.pass_blocks(1)

    # --- intents ---------------------------------------------------------------------------------------------

    async def subnets(self):
        await self.as_root(calls.AdminUtils.sudo_set_network_rate_limit(rate_limit=0))
        await self.as_root(calls.AdminUtils.sudo_set_tx_delegate_take_rate_limit(tx_rate_limit=0))
        for netuid in (NETUID, OTHER):
            await self.do("register_subnet", hotkey_ss58=wallet("Alice", f"hot{netuid}").hot)
        for netuid in (ROOT, NETUID, OTHER):
            await self.do("start_call", netuid=netuid)
        await self.as_root(calls.AdminUtils.sudo_set_weights_set_rate_limit(netuid=NETUID, weights_set_rate_limit=0))
        await self.do("set_subnet_emission_enabled", netuids=[NETUID], enabled=True)
        for name, value in (("commit_reveal_weights_enabled", False), ("serving_rate_limit", 0)):
            await self.do("set_hyperparameter", netuid=NETUID, name=name, value=value)
        await self.do("set_subnet_identity", netuid=NETUID, subnet_name="Tour", description="A tour.")
        await self.do("update_symbol", netuid=NETUID, symbol=task["symbol"])
        await self.do("trim_subnet", netuid=OTHER, max_n=128)
        await self.do("set_mechanism_count", netuid=OTHER, mechanism_count=2)

    async def neurons(self):
        for who in (BOB, CHARLIE):
            await self.do("burned_register", who, netuid=NETUID)
        await self.do("root_register", BOB)
        await self.do("associate_hotkey", BOB, hotkey_ss58=wallet("Bob", "second").hot)
        await self.do("set_identity", BOB, name="Bob")
        await self.do("serve_axon", BOB, netuid=NETUID, ip="10.0.0.1", port=8091)
        await self.do("serve_axon_tls", BOB, netuid=NETUID, ip="10.0.0.1", port=8091, certificate="0x01" + "22" * 32)
        await self.do("serve_prometheus", BOB, netuid=NETUID, ip="10.0.0.1", port=8092)
        await self.do("reset_axon", CHARLIE, netuid=NETUID)
        signature, block = association_proof(EVM_KEY, BOB.hot, blocks.head(task["url"]))
        await self.do(
            "associate_evm_key", BOB, netuid=NETUID, evm_key=EVM_ADDRESS, block_number=block, signature=signature
        )

    async def stakes(self):
        at_bob = {"hotkey_ss58": BOB.hot, "netuid": NETUID}
        await self.do("add_stake", BOB, **at_bob, amount_tao=3000, slippage_protection=False)
        await self.do("add_stake_limit", BOB, **at_bob, amount_tao=10, limit_price_rao=10**12)
        await self.do("remove_stake", BOB, **at_bob, amount_alpha=1)
        await self.do("remove_stake_limit", BOB, **at_bob, amount_alpha=10, limit_price_rao=1)
        there = {"origin_netuid": NETUID, "dest_netuid": NETUID}
        move = {"origin_hotkey_ss58": BOB.hot, "dest_hotkey_ss58": CHARLIE.hot}
        await self.do("move_stake", BOB, **move, **there, amount_alpha=20)
        transfer = {"dest_coldkey_ss58": DAVE.cold, "hotkey_ss58": CHARLIE.hot}
        await self.do("transfer_stake", BOB, **transfer, **there, amount_alpha=10)
        across = {"origin_netuid": NETUID, "dest_netuid": OTHER}
        await self.do("swap_stake", BOB, hotkey_ss58=BOB.hot, **across, amount_alpha=10, slippage_protection=False)
        await self.do("unstake_all", DAVE, hotkey_ss58=CHARLIE.hot)
        await self.do("unstake_all_alpha", BOB, hotkey_ss58=CHARLIE.hot)
        await self.do("stake_burn", netuid=NETUID, amount_tao=1, limit_price=10**12, hotkey_ss58=BOB.hot)
        await self.do("set_auto_stake", DAVE, netuid=NETUID, hotkey_ss58=BOB.hot)

    async def delegates(self):
        await self.do("decrease_take", BOB, take=0.05)
        await self.do("increase_take", BOB, take=0.1)
        await self.do("set_take", BOB, take=0.08)
        await self.do("set_childkey_take", CHARLIE, netuid=NETUID, take=0.1)
        await self.do("set_children", BOB, netuid=NETUID, children=[[0.5, CHARLIE.hot]])
        await self.do("add_stake", DAVE, hotkey_ss58=BOB.hot, netuid=ROOT, amount_tao=500)
        await self.do("set_root_claim_type", DAVE, claim_type="KeepSubnets", subnets=[NETUID])
        self.pass_blocks(task["tempo"])
        await self.do("claim_root", DAVE, subnets=[NETUID])

    async def locks(self):
        await self.do("lock_stake", BOB, netuid=NETUID, amount_alpha=50)
        await self.do("set_perpetual_lock", BOB, netuid=NETUID, enabled=True)
        await self.do("move_lock", BOB, netuid=NETUID, destination_hotkey_ss58=CHARLIE.hot)

    async def weights(self):
        await self.do("set_weights", BOB, netuid=NETUID, uids=UIDS, weights=WEIGHTS)
        await self.do("set_hyperparameter", netuid=NETUID, name="commit_reveal_weights_enabled", value=True)
        await self.pass_epoch()
        digest = commitment(BOB.hotkey.public_key, NETUID, normalize(UIDS, WEIGHTS), SALT)
        await self.submit(calls.SubtensorModule.commit_weights(netuid=NETUID, commit_hash=digest), BOB, "hotkey")
        await self.do("commit_weights", BOB, netuid=NETUID, uids=UIDS, weights=WEIGHTS)
        await self.pass_epoch()
        await self.do("reveal_weights", BOB, netuid=NETUID, uids=UIDS, weights=WEIGHTS, salt=SALT)

    async def crowdloans(self):
        """The first loan leases a subnet, the second is changed, refunded and dissolved."""
        end = blocks.head(task["url"]) + task["crowdloan"] + 10
        cost = (await self.client.read("subnet_registration_cost")).tao
        lease = {"op": "register_leased_network", "emissions_share": 30, "end_block": end + 5}
        terms = {"deposit_tao": 100, "min_contribution_tao": 1, "end": end}
        await self.do("create_crowdloan", DAVE, **terms, cap_tao=cost + 200, call=lease)
        await self.do("create_crowdloan", EVE, **terms, cap_tao=500, target_ss58=EVE.cold)
        await self.do("contribute_crowdloan", BOB, crowdloan_id=1, amount_tao=20)
        await self.do("withdraw_crowdloan", BOB, crowdloan_id=1)
        await self.do("contribute_crowdloan", CHARLIE, crowdloan_id=1, amount_tao=20)
        await self.do("update_crowdloan_cap", EVE, crowdloan_id=1, new_cap_tao=400)
        await self.do("update_crowdloan_end", EVE, crowdloan_id=1, new_end=end + 60)
        await self.do("update_crowdloan_min_contribution", EVE, crowdloan_id=1, new_min_contribution_tao=2)
        await self.do("set_crowdloan_max_contribution", EVE, crowdloan_id=1, new_max_contribution_tao=300)
        await self.do("refund_crowdloan", EVE, crowdloan_id=1)
        await self.do("dissolve_crowdloan", EVE, crowdloan_id=1)
        await self.do("contribute_crowdloan", CHARLIE, crowdloan_id=0, amount_tao=cost + 200)
        await self.do("finalize_crowdloan", DAVE, crowdloan_id=0)
        if await self.client.read("leases"):
            self.intents["register_leased_network"] = "ok"
        self.pass_blocks(max(0, end + 6 - blocks.head(task["url"])))
        await self.look("Leases & crowdloans")
        await self.do("associate_hotkey", DAVE)
        await self.do("terminate_lease", DAVE, lease_id=0)

    async def proxies(self):
        await self.do("add_proxy", BOB, delegate_ss58=FERDIE.cold, proxy_type="Transfer", delay=0)
        await self.do("add_proxy", BOB, delegate_ss58=FERDIE.cold, proxy_type="Any", delay=1)
        transfer = {"dest_ss58": EVE.cold, "amount_tao": 1}
        built = await build("transfer", transfer).build(self.client._substrate, BOB)
        call_hash = built.call_hash if isinstance(built.call_hash, str) else "0x" + built.call_hash.hex()
        await self.submit(calls.Proxy.announce(real=BOB.cold, call_hash=call_hash), FERDIE)
        self.pass_blocks(1)
        announced = {"delegate_ss58": FERDIE.cold, "real_ss58": BOB.cold}
        await self.do("execute_proxy_announced", EVE, **announced, inner_op="transfer", inner_args=transfer)
        await self.look("Accounts & keys")
        await self.do("remove_proxy", BOB, delegate_ss58=FERDIE.cold, proxy_type="Transfer", delay=0)
        await self.do("remove_proxies", BOB)
        pure = (await self.do("create_pure_proxy", BOB, proxy_type="Any")).data
        await self.do("transfer", BOB, dest_ss58=pure["pure_proxy"], amount_tao=1)
        coordinates = {"height": pure["height"], "ext_index": pure["ext_index"]}
        creation = {"spawner_ss58": BOB.cold, "proxy_type": "Any", **coordinates}
        await self.do("kill_pure_proxy", BOB, proxy_for=pure["pure_proxy"], **creation)

    async def multisigs(self):
        transfer = {"op": "transfer", "dest_ss58": EVE.cold, "amount_tao": 1}
        for threshold in (1, 2):
            account = (await self.client.multisig([BOB.cold, CHARLIE.cold], threshold)).address
            await self.do("transfer", BOB, dest_ss58=account, amount_tao=5)
        await self.do("multisig_threshold_1", BOB, other_signatories=[CHARLIE.cold], call=transfer)
        for last, who, other in (("multisig_execute", CHARLIE, BOB), ("multisig_cancel", BOB, CHARLIE)):
            both = {"threshold": 2, "call": transfer}
            opened = await self.do("multisig_approve", BOB, **both, other_signatories=[CHARLIE.cold])
            height, _, index = opened.extrinsic_id.partition("-")
            both["timepoint"] = {"height": int(height), "index": int(index)}
            await self.do(last, who, **both, other_signatories=[other.cold])

    async def coldkeys(self):
        new = wallet("Eve", "new").hot
        await self.do("announce_coldkey_swap", EVE, new_coldkey_ss58=new)
        await self.do("announce_coldkey_swap", FERDIE, new_coldkey_ss58=new)
        self.reads["coldkey_swap_announcement"] = await self.outcome("coldkey_swap_announcement", coldkey_ss58=EVE.cold)
        self.pass_blocks(task["announcement"] + 10)
        await self.do("clear_coldkey_swap_announcement", FERDIE)
        await self.do("swap_coldkey_announced", EVE, new_coldkey_ss58=new)
        await self.do("announce_coldkey_swap", FERDIE, new_coldkey_ss58=new)
        await self.do("dispute_coldkey_swap", FERDIE)

    async def transfers(self):
        await self.do("transfer", dest_ss58=EVE.cold, amount_tao=1)
        await self.do("fund_evm_key", evm_address=EVM_ADDRESS, amount_tao=1)
        own = "0x" + bytes(ALICE.coldkey.public_key)[:20].hex()  # the address that the account may withdraw from
        await self.do("fund_evm_key", evm_address=own, amount_tao=2)
        await self.do("evm_withdraw", amount_tao=1)
        await self.do("batch", intents=[{"op": "transfer", "dest_ss58": EVE.cold, "amount_tao": 1}] * 2)
        await self.do("swap_hotkey", CHARLIE, hotkey_ss58=CHARLIE.hot, new_hotkey_ss58=wallet("Charlie", "new").hot)
        await self.do("transfer_all", DAVE, dest_ss58=BOB.cold)

    # --- reads -----------------------------------------------------------------------------------------------

    async def look(self, category=None):
        """Call the reads of a category, or all that were not called yet, with values for their parameters."""
        values = {
            "netuid": NETUID,
            "uid": 1,
            "mechid": 0,
            "lite": True,
            "block": 1,
            "lease_id": 0,
            "crowdloan_id": 0,
            "coldkey_ss58": BOB.cold,
            "coldkey_ss58s": [BOB.cold, DAVE.cold],
            "account_ss58": BOB.cold,
            "hotkey_ss58": BOB.hot,
            "hotkey_ss58s": [BOB.hot],
            "call_hash": "0x" + "00" * 32,
            "amount_tao": 1.5,
            "amount_alpha": 1.5,
        }
        for read in self.client.reads():
            name, parameters = read["name"], read["params"]
            if name not in self.reads and category in (None, read["category"]):
                self.reads[name] = await self.outcome(name, **{each: values[each] for each in parameters})

    async def outcome(self, name, **params):
        try:
            await self.client.read(name, **params)
        except Exception as error:  # noqa: BLE001  # whatever the SDK raises is the outcome
            return f"{type(error).__name__}: {error}"
        return "ok"


async def main():
    async with Client(task["url"]) as client:
        tour = Tour(client)
        for part in ("subnets", "neurons", "stakes", "delegates", "locks", "weights", "crowdloans", "proxies"):
            await getattr(tour, part)()
        await tour.multisigs()
        await tour.look()
        await tour.transfers()
        await tour.coldkeys()
        # What the tour left out shows.
        intents = {op: tour.intents.get(op, "not executed") for op in REGISTRY}
    json.dump({"version": version("bittensor"), "intents": intents, "reads": tour.reads}, sys.stdout)


asyncio.run(main())
