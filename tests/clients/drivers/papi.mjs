// What `polkadot-api` sees, over the new JSON-RPC specification: constants, runtime APIs, blocks, entries, and
// transactions watched until they are final. The API without generated descriptors is the one with them, untyped.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
// The libraries live in an environment of their own, not beside this file.
const from = createRequire(`${task.environment}/`);
const load = (name) => import(from.resolve(name));
const { version } = JSON.parse(readFileSync(`${task.environment}/node_modules/polkadot-api/package.json`));
const newer = version.startsWith("2.");
const { createClient } = await load("polkadot-api");
const { getPolkadotSigner } = await load("polkadot-api/signer");
const { getWsProvider } = await load(newer ? "polkadot-api/ws" : "polkadot-api/ws-provider");
const { sr25519CreateDerive } = await load("@polkadot-labs/hdkd");
const { DEV_PHRASE, entropyToMiniSecret, mnemonicToEntropy, ss58Address } = await load("@polkadot-labs/hdkd-helpers");
const { firstValueFrom, filter, take, toArray, timeout } = await load("rxjs");

const derive = sr25519CreateDerive(entropyToMiniSecret(mnemonicToEntropy(DEV_PHRASE)));
const [alice, bob, nobody] = ["//Alice", "//Bob", "//Unfunded"].map((path) => {
  const pair = derive(path);
  return { address: ss58Address(pair.publicKey, 42), signer: getPolkadotSigner(pair.publicKey, "Sr25519", pair.sign) };
});

// Node.js 22 has WebSockets; for older ones the library names this one.
const { default: WebSocket } = await load("ws");
const client = createClient(getWsProvider(task.url, { websocketClass: WebSocket }));
const api = client.getUnsafeApi();

/** Values as JSON has them: numbers, hex, lists, and objects with the fields that the library names. */
const plain = (value) => {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  if (typeof value?.asHex === "function") return value.asHex();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
};

const account = async (key, at = "best") => plain(await api.query.System.Account.getValue(key.address, { at }));
const free = async (key) => (await account(key)).data.free;
const to = { type: "Id", value: bob.address };
const transfer = (rao) => api.tx.Balances.transfer_keep_alive({ dest: to, value: BigInt(rao) });

/** Sends a transaction and waits until it is final; a refusal throws what the library makes of it. */
const send = async (call, key = alice, options = {}) => {
  const states = [];
  const watched = call.signSubmitAndWatch(key.signer, options);
  const last = await new Promise((resolve, reject) => {
    watched.subscribe({
      next: (event) => {
        states.push(event.type === "txBestBlocksState" ? (event.found ? "inBestBlock" : "notInBestBlock") : event.type);
        if (event.type === "finalized") resolve(event);
      },
      error: reject,
    });
  });
  return { ...last, states };
};

const refusal = (call, key, options) => send(call, key, options).then(() => null, ({ error }) => plain(error));

const seen = { version };
seen.chain = await client.getChainSpecData();
const blocks = firstValueFrom(client.finalizedBlock$.pipe(take(4), toArray(), timeout(task.timeout * 1000)));
seen.before = await account(alice, "finalized");
const entries = await api.query.System.Account.getEntries();
seen.map = Object.fromEntries(entries.map(({ keyArgs, value }) => [keyArgs[0], Number(value.data.free)]));
seen.constants = [await api.constants.Balances.ExistentialDeposit(), await api.constants.System.SS58Prefix()].map(plain);
seen.hyperparams = plain(await api.apis.SubnetInfoRuntimeApi.get_subnet_hyperparams(1));
seen.nonce = plain(await api.apis.AccountNonceApi.account_nonce(bob.address));
seen.estimate = plain(await transfer(task.amount).getEstimatedFees(alice.address));

const changes = [];
const watching = api.query.System.Account.watchValue(bob.address, newer ? { at: "best" } : "best").subscribe((given) => {
  const now = Number((newer ? given.value : given).data.free); // version 2 repeats it in each block
  if (now !== changes.at(-1)) changes.push(now);
});
const done = await send(transfer(task.amount));
const events = done.events.map((event) => {
  const { type, value } = event.event ?? event;
  return [type, value.type, plain(value.value)];
});
const paid = events.find(([, name]) => name === "TransactionFeePaid");
seen.transfer = { block: done.block.hash, fee: paid[2].actual_fee, events, ok: done.ok, states: done.states };
seen.index = done.block.index;
seen.after = [await free(alice), await free(bob)];

const failed = await send(transfer(task.too_much));
seen.too_much = plain(failed.dispatchError);
const foreign = api.tx.Proxy.proxy({ real: to, force_proxy_type: undefined, call: transfer(task.amount).decodedCall });
seen.not_proxy = plain((await send(foreign)).dispatchError);

seen.unfunded = await refusal(transfer(task.amount), nobody);
// Version 1 takes a nonce of 0 for none.
seen.stale = await refusal(transfer(task.amount), alice, { nonce: 1 });
seen.end = await free(alice);
seen.changes = changes;
watching.unsubscribe();
seen.blocks = (await blocks).map(({ number, hash, parent }) => [number, hash, parent]);
const body = await client.getBlockBody(seen.blocks.at(-1)[1]);
seen.body = body.map(plain);
const header = await client.getBlockHeader(seen.blocks.at(-1)[1]);
seen.header = { number: header.number, parentHash: header.parentHash };
client.destroy();
stdout.write(JSON.stringify(seen), () => exit(0));
