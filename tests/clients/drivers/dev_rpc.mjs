// The `dev_*` methods from JavaScript: each is called as Chopsticks' users call theirs, and what polkadot.js then sees.

import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
// The libraries live in an environment of their own, not beside this file.
const from = createRequire(`${task.environment}/`);
const { ApiPromise, WsProvider, Keyring } = from("@polkadot/api");

const provider = new WsProvider(task.url);
const api = await ApiPromise.create({ provider, noInitWarn: true });
const keyring = new Keyring({ type: "sr25519", ss58Format: 42 });
const [alice, bob] = ["//Alice", "//Bob"].map((uri) => keyring.addFromUri(uri));
const whale = "5Fc3qszVcAXHAmjjm61KcxqvV1kh91jpydE476NjjnJneNdP";

const called = new Set();
const dev = (name, ...params) => {
  called.add(`dev_${name}`);
  return provider.send(`dev_${name}`, params);
};
const free = async (address) => (await api.query.system.account(address)).data.free.toString();
const height = async () => (await api.rpc.chain.getHeader()).number.toNumber();

/** Chopsticks' helper of the same name: a transaction with the signature that is none. */
const signFake = async (call, address) => {
  const { nonce } = await api.query.system.account(address);
  const { genesisHash, runtimeVersion } = api;
  call.signFake(address, { nonce, genesisHash, runtimeVersion, blockHash: genesisHash, era: 0 });
  const signature = new Uint8Array(64).fill(0xcd);
  signature.set([0xde, 0xad, 0xbe, 0xef]);
  call.signature.set(signature);
  return call;
};
const remark = () => api.tx.system.remark("0x01");

const seen = {};
await dev("setClientVersion", null);
seen.listed = (await api.rpc.rpc.methods()).methods.map(String).filter((name) => name.startsWith("dev_"));

// Storage and money, in Chopsticks' forms.
await dev("setStorage", { System: { Account: [[[whale], { providers: 1, data: { free: "5000000000000" } }]] } });
seen.whale = await free(whale);
await dev("setStorage", [[api.query.subtensorModule.txRateLimit.key(), "0x0700000000000000"]]);
seen.limit = (await api.query.subtensorModule.txRateLimit()).toNumber();
await dev("setBalance", whale, "7000000000000");
seen.balance = await dev("addBalance", { account: whale, rao: 5 });

// Subnets.
seen.netuid = await dev("registerSubnet", { owner: alice.address, hotkey: bob.address, tempo: 5 });
seen.uid = await dev("registerNeuron", seen.netuid, whale, whale);
seen.stake = await dev("setStake", whale, whale, seen.netuid, 1_000_000_000);
seen.former = await dev("setHyperparameters", seen.netuid, { tempo: 6 });
await dev("setRateLimits", "off");
await dev("setRateLimits", "on");
seen.epoch = (await dev("mineUntilEpoch", seen.netuid)).number - (await height());

// Blocks and time.
const start = await height();
await dev("newBlock", { count: 2 });
await dev("newBlock", { to: start + 3 });
await dev("skipBlocks", 2);
seen.made = (await height()) - start;
await dev("timeTravel", "2031-01-01T00:00:00Z");
await dev("newBlock");
seen.time = (await api.query.timestamp.now()).toNumber();
await dev("increaseTime", 3_600_000);
await dev("setNextBlockTimestamp", Date.UTC(2032, 0, 1));
await dev("setClock", "logical", Date.UTC(2033, 0, 1));
seen.mode = await dev("getBlockBuildMode");
await dev("setBlockBuildMode", "Manual");

// Going back.
const snapshot = await dev("snapshot", "here");
const there = await height();
await dev("newBlock", { count: 3 });
await dev("setHead", -1);
await dev("reorg", 1);
seen.snapshots = (await dev("listSnapshots")).map(({ label }) => label);
seen.reverted = await dev("revert", snapshot, { keep: true });
seen.back = (await height()) - there;
seen.dropped = await dev("dropSnapshot", snapshot);

// Any account.
await dev("impersonate", whale);
await (await signFake(remark(), whale)).send();
await dev("newBlock");
seen.nonce = (await api.query.system.account(whale)).nonce.toNumber();
await dev("stopImpersonating", whale);
await dev("autoImpersonate", true);
await (await signFake(remark(), whale)).send();
await dev("autoImpersonate", false);
await dev("newBlock");
seen.refused = await (await signFake(remark(), whale)).send().then(() => null, ({ message }) => message);
await dev("submitUnsigned", { call: remark().method.toHex(), origin: whale });
seen.pool = (await dev("pool")).ready.length;
seen.gone = await dev("dropTransaction", "all");

// Looking into calls.
const transfer = api.tx.balances.transferKeepAlive(bob.address, 1000);
const dry = await dev("dryRun", { extrinsic: { call: transfer.method.toHex(), address: whale } });
seen.dry = [dry.ok, dry.delta.system.account[bob.address].map(({ data }) => data.free)];
const signed = await transfer.signAsync(alice, { nonce: -1 });
const block = await dev("newBlock", { transactions: [signed.toHex()] });
const step = await dev("traceTransaction", signed.hash.toHex());
seen.traced = [step.call, (await dev("traceBlock", block)).phases.length];

// The beacon, the log, and the chain as a whole.
await dev("setDrand", "offline");
seen.pulse = await dev("addDrandPulse", { round: 1000, signature: task.pulse }).then((hash) => hash.length);
await dev("setLogLevel", "warn");
const before = (await dev("nodeInfo")).instanceId;
const state = await dev("dumpState");
await dev("reset");
seen.reset = await height();
await dev("loadState", state);
seen.loaded = (await height()) > 0;
seen.other = (await dev("nodeInfo")).instanceId !== before;
await dev("fork", { endpoint: task.source, block: 2 });
seen.fork = [await height(), (await dev("nodeInfo")).fork.endpoint === task.source];
seen.error = await provider.send("dev_setBalance", [whale]).then(() => null, ({ code, message }) => [code, message]);

seen.called = [...called];
await api.disconnect();
// The library goes on with timers of its own for seconds: leave when everything is written.
stdout.write(JSON.stringify(seen), () => exit(0));
