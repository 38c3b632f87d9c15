"""The life of a staker through the `bittensor` 10 SDK: its own extrinsics with their previews, and its reads."""

import json
import sys
from importlib.metadata import version
from types import SimpleNamespace

import blocks
from bittensor import Balance, Subtensor
from bittensor.core.extrinsics.pallets import SubtensorModule
from bittensor.core.extrinsics.utils import sudo_call_extrinsic
from bittensor_wallet import Keypair

task = json.loads(sys.argv[1])
ROOT, NETUID, OTHER = 0, *task["netuids"]
TEMPO = task["tempo"]
chain = Subtensor(task["url"])
DIRECT = {"mev_protection": False}


def wallet(name, hotkey="hot"):
    """The SDK takes whatever has these keys."""
    coldkey, hot = Keypair.create_from_uri(f"//{name}"), Keypair.create_from_uri(f"//{name}//{hotkey}")
    unlock = {"unlock_coldkey": lambda: coldkey, "unlock_hotkey": lambda: hot}
    keys = {"coldkey": coldkey, "coldkeypub": coldkey, "hotkey": hot, "hotkeypub": hot}
    return SimpleNamespace(name=name, cold=coldkey.ss58_address, hot=hot.ss58_address, **keys, **unlock)


OWNER, VALIDATOR, CHILD, NOMINATOR, VICTIM = (wallet(name) for name in task["names"])


def ensure(response):
    """Return the fee that the SDK previewed, in rao."""
    assert response.success, response
    return response.extrinsic_fee.rao


def as_root(name, pallet="AdminUtils", **parameters):
    ensure(sudo_call_extrinsic(chain, OWNER, name, parameters, call_module=pallet))


def submit(call, who):
    return ensure(chain.sign_and_send_extrinsic(call, who, wait_for_inclusion=True, wait_for_finalization=True))


def free(who):
    return chain.get_balance(who.cold).rao


def stake(who, hotkey, netuid=NETUID):
    return chain.get_stake(who.cold, hotkey, netuid).rao


def pass_epoch():
    """Produce blocks until an epoch of the subnet has run."""
    last = chain.subnet(NETUID).last_step
    while chain.subnet(NETUID).last_step == last:
        blocks.make(task["url"], 1)


def found():
    """Create the subnets, and let the validators join."""
    as_root("sudo_set_network_rate_limit", rate_limit=0)
    # Root earns while the prices of the subnets, averaged here over few blocks, sum to more than 1.
    as_root("sudo_set_subnet_moving_alpha", alpha={"bits": 1 << 32})
    # Otherwise the chain claims before the staker does.
    as_root("sudo_set_num_root_claims", "SubtensorModule", new_value=0)
    for netuid in (NETUID, OTHER):
        ensure(chain.register_subnet(wallet("Alice", f"hot{netuid}"), **DIRECT))
        as_root("sudo_set_ema_price_halving_period", netuid=netuid, ema_halving=1)
    for netuid in (ROOT, NETUID, OTHER):
        ensure(chain.start_call(OWNER, netuid, **DIRECT))
    for who in (VALIDATOR, CHILD):
        ensure(chain.burned_register(who, NETUID, **DIRECT))


def trade(extrinsic, amount, simulated):
    """Execute a trade of stake on the validator; report what was quoted, and what happened to both balances."""
    before = free(VALIDATOR), stake(VALIDATOR, VALIDATOR.hot)
    price = chain.get_subnet_price(NETUID).rao
    fee = ensure(extrinsic(VALIDATOR, NETUID, VALIDATOR.hot, amount, rate_tolerance=0.5, **DIRECT))
    return {
        "block": blocks.head(task["url"]),
        "price": price,
        "fee": fee,
        "quoted": {"tao": simulated.tao_amount.rao, "alpha": simulated.alpha_amount.rao},
        "tao": free(VALIDATOR) - before[0],
        "alpha": stake(VALIDATOR, VALIDATOR.hot) - before[1],
    }


def trades():
    tao, alpha = Balance.from_tao(task["stake_tao"]), Balance.from_tao(task["unstake_alpha"], NETUID)
    added = trade(chain.add_stake, tao, chain.sim_swap(ROOT, NETUID, tao))
    removed = trade(chain.unstake, alpha, chain.sim_swap(NETUID, ROOT, alpha))
    # As much as the pool has: the price would rise fourfold.
    much = VALIDATOR, NETUID, VALIDATOR.hot, Balance.from_tao(task["much_tao"])
    refused = chain.add_stake(*much, safe_staking=True, rate_tolerance=0.05, **DIRECT)
    ensure(chain.add_stake(*much, **DIRECT))
    return {"add": added, "remove": removed, "refused": refused.error["name"]}


def moves():
    """Move stake to another hotkey, transfer it to another coldkey, swap some to another subnet."""
    amount = Balance.from_tao(task["moved_alpha"], NETUID)
    before = stake(VALIDATOR, VALIDATOR.hot)
    ensure(chain.move_stake(VALIDATOR, NETUID, VALIDATOR.hot, NETUID, CHILD.hot, amount, **DIRECT))
    moved = [before - stake(VALIDATOR, VALIDATOR.hot), stake(VALIDATOR, CHILD.hot)]
    ensure(chain.transfer_stake(VALIDATOR, NOMINATOR.cold, CHILD.hot, NETUID, NETUID, amount, **DIRECT))
    transferred = [stake(VALIDATOR, CHILD.hot), stake(NOMINATOR, CHILD.hot)]
    before = stake(VALIDATOR, VALIDATOR.hot)
    ensure(chain.swap_stake(VALIDATOR, VALIDATOR.hot, NETUID, OTHER, amount, **DIRECT))
    swapped = [before - stake(VALIDATOR, VALIDATOR.hot), stake(VALIDATOR, VALIDATOR.hot, OTHER)]
    return {"moved": moved, "transferred": transferred, "swapped": swapped, "swap_block": blocks.head(task["url"])}


def delegation():
    """Set a take and a child; stake on the delegate, and take its dividends."""
    ensure(chain.set_delegate_take(VALIDATOR, VALIDATOR.hot, 0.1))
    ensure(chain.set_children(VALIDATOR, NETUID, VALIDATOR.hot, [(0.25, CHILD.hot)], **DIRECT))
    blocks.make(task["url"], task["cooldown"])
    ensure(chain.add_stake(NOMINATOR, NETUID, VALIDATOR.hot, Balance.from_tao(50), **DIRECT))
    start = stake(NOMINATOR, VALIDATOR.hot)
    blocks.make(task["url"], 2 * TEMPO)
    delegate = chain.get_delegate_by_hotkey(VALIDATOR.hot)
    _, children, _ = chain.get_children(VALIDATOR.hot, NETUID)
    return {
        "take": delegate.take,
        "nominators": len(delegate.nominators),
        "children": [[round(share * 2**64), child] for share, child in children],
        "parents": [[round(share * 2**64), parent] for share, parent in chain.get_parents(CHILD.hot, NETUID)],
        "dividends": stake(NOMINATOR, VALIDATOR.hot) - start,
    }


def root():
    """Stake on root through the validator, and claim the alpha that it earns."""
    ensure(chain.root_register(VALIDATOR, **DIRECT))
    ensure(chain.add_stake(NOMINATOR, ROOT, VALIDATOR.hot, Balance.from_tao(task["root_tao"]), **DIRECT))
    ensure(chain.set_root_claim_type(NOMINATOR, "Keep", **DIRECT))
    blocks.make(task["url"], 5 * TEMPO)
    start = stake(NOMINATOR, VALIDATOR.hot)
    ensure(chain.claim_root(NOMINATOR, [NETUID], **DIRECT))
    return {
        "block": blocks.head(task["url"]),
        "type": chain.get_root_claim_type(NOMINATOR.cold),
        "root": stake(NOMINATOR, VALIDATOR.hot, ROOT),
        "claimed": stake(NOMINATOR, VALIDATOR.hot) - start,
    }


def hotkeys():
    """Give the validator a new hotkey, for which the SDK has no function."""
    new = wallet(VALIDATOR.name, "new")
    pass_epoch()  # so that none falls into the block of the swap
    before = stake(VALIDATOR, VALIDATOR.hot)
    keys = {"hotkey": VALIDATOR.hot, "new_hotkey": new.hot, "netuid": None}
    submit(SubtensorModule(chain, dynamic_function=True).swap_hotkey(**keys), VALIDATOR)
    return {
        "owner": chain.get_hotkey_owner(new.hot),
        "uid": chain.get_uid_for_hotkey_on_subnet(new.hot, NETUID),
        "before": before,
        "after": [stake(VALIDATOR, VALIDATOR.hot), stake(VALIDATOR, new.hot)],
    }


def coldkeys():
    """One coldkey announces a swap and executes it, another's is disputed."""
    new = wallet(f"{CHILD.name}//new")
    before = free(CHILD)
    fee = ensure(chain.announce_coldkey_swap(CHILD, new.cold, **DIRECT))
    ensure(chain.announce_coldkey_swap(VICTIM, new.cold, **DIRECT))
    ensure(chain.dispute_coldkey_swap(VICTIM, **DIRECT))
    blocks.make(task["url"], task["announcement"])
    disputed = chain.swap_coldkey_announced(VICTIM, new.cold, **DIRECT)
    fee += ensure(chain.swap_coldkey_announced(CHILD, new.cold, **DIRECT))
    return {
        "disputed": disputed.message,
        "before": before,
        "fee": fee,
        "after": [free(CHILD), free(new)],
        "owner": chain.get_hotkey_owner(CHILD.hot),
        "new": new.cold,
    }


def lease():
    """Raise a crowdloan that registers a leased subnet."""
    cost = chain.get_subnet_burn_cost()
    twice = Balance.from_rao(2 * cost.rao)
    end = blocks.head(task["url"]) + task["crowdloan"] + 10
    terms = {"emissions_share": 30, "end_block": None}
    inner = SubtensorModule(chain, dynamic_function=True).register_leased_network(**terms)
    tao = Balance.from_tao
    ensure(chain.create_crowdloan(NOMINATOR, tao(100), tao(1), twice, end, call=inner, **DIRECT))
    for who, share in ((OWNER, cost), (VALIDATOR, twice)):
        ensure(chain.contribute_crowdloan(who, 0, share, **DIRECT))
    raised, before = chain.get_crowdloan_by_id(0).raised, free(OWNER)
    ensure(chain.finalize_crowdloan(NOMINATOR, 0, **DIRECT))
    leased = chain.query_subtensor("SubnetLeases", params=[0])
    leased = getattr(leased, "value", leased)
    return {
        "given": cost.rao,
        "refund": free(OWNER) - before,
        "raised": raised.rao,
        "beneficiary": leased["beneficiary"],
        "netuid": leased["netuid"],
        "share": leased["emissions_share"],
        "cost": leased["cost"],
    }


found()
seen = {"version": version("bittensor"), **trades(), **moves()}
for part in (delegation, root, hotkeys, coldkeys, lease):
    seen[part.__name__] = part()
chain.close()
json.dump(seen, sys.stdout)
