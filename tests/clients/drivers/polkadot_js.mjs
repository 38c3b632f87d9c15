// What `@polkadot/api` sees: queries, a map's entries, and transactions watched until they are final.

import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
// The libraries live in an environment of their own, not beside this file.
const from = createRequire(`${task.environment}/`);
const { ApiPromise, WsProvider, Keyring, packageInfo } = from("@polkadot/api");

const api = await ApiPromise.create({ provider: new WsProvider(task.url), noInitWarn: true });
const keyring = new Keyring({ type: "sr25519", ss58Format: 42 });
const [alice, bob, nobody] = ["//Alice", "//Bob", "//Unfunded"].map((uri) => keyring.addFromUri(uri));

const free = async (key) => Number((await api.query.system.account(key.address)).data.free);
const transfer = (rao) => api.tx.balances.transferKeepAlive(bob.address, rao);

/** Sends a transaction and waits until it is final; a refusal throws what the library makes of it. */
const send = (call, key = alice, options = {}) =>
  new Promise((resolve, reject) => {
    call.signAndSend(key, options, (result) => result.isFinalized && resolve(result)).catch(reject);
  });

/** The name of what a transaction failed with: a pallet's own error with its words, or a general one. */
const failure = ({ dispatchError }) => {
  if (!dispatchError.isModule) return dispatchError.toHuman();
  const { section, name, docs } = api.registry.findMetaError(dispatchError.asModule);
  return [section, name, docs.join(" ")];
};

const refusal = (call, key, options) => send(call, key, options).then(() => null, ({ code, message }) => [code, message]);

const seen = { version: packageInfo.version };
const before = await api.query.system.account(alice.address);
seen.before = { nonce: before.nonce.toNumber(), data: { free: before.data.free.toNumber() } };
const entries = await api.query.system.account.entries();
seen.map = Object.fromEntries(entries.map(([key, { data }]) => [key.args[0].toString(), data.free.toNumber()]));

const done = await send(transfer(task.amount));
const events = done.events.map(({ event }) => {
  const names = event.data.names ?? Object.keys(event.data);
  return [event.section, event.method, Object.fromEntries(names.map((name, at) => [name, event.data[at].toJSON()]))];
});
const paid = events.find(([, name]) => name === "TransactionFeePaid");
seen.transfer = { block: done.status.asFinalized.toHex(), fee: paid[2].actualFee, events };
seen.after = [await free(alice), await free(bob)];

seen.too_much = failure(await send(transfer(task.too_much)));
seen.not_proxy = failure(await send(api.tx.proxy.proxy(bob.address, null, transfer(task.amount))));

seen.unfunded = await refusal(transfer(task.amount), nobody);
seen.stale = await refusal(transfer(task.amount), alice, { nonce: 0 });
seen.end = await free(alice);
await api.disconnect();
// The library goes on with timers of its own for seconds: leave when everything is written.
stdout.write(JSON.stringify(seen), () => exit(0));
