// What `@polkadot/api` hears of transactions from their submission to finality, and what `dryRun` answers.

import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
const from = createRequire(`${task.environment}/`);
const { ApiPromise, WsProvider, Keyring } = from("@polkadot/api");

const provider = new WsProvider(task.url);
const api = await ApiPromise.create({ provider, noInitWarn: true });
const keyring = new Keyring({ type: "sr25519", ss58Format: 42 });
const key = (uri) => keyring.addFromUri(uri);
const senders = ["//Alice", "//Bob", "//Charlie", "//Dave", "//Eve"].map(key);
const transfer = (rao) => api.tx.balances.transferKeepAlive(key("//Ferdie").address, rao);

const within = (seconds, promise, what) => {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} takes more than ${seconds} s`)), seconds * 1000));
  return Promise.race([promise, late]);
};

/** The statuses of a transaction until it is final, and whether the block that it was in is the final one. */
const follow = (sender) =>
  new Promise((resolve, reject) => {
    const heard = [];
    let block = null;
    transfer(1_000_000)
      .signAndSend(sender, { nonce: -1 }, ({ status, events, isError }) => {
        heard.push(status.type);
        if (status.isReady && task.manual) provider.send("engine_createBlock", [true, true]).catch(reject);
        if (status.isInBlock) block = [status.asInBlock.toHex(), events.length];
        if (isError) reject(new Error(heard.join(", ")));
        if (status.isFinalized) resolve([heard, block?.[0] === status.asFinalized.toHex() && block[1] === events.length]);
      })
      .catch(reject);
  });

/** As scripts wait: until a transaction is in a block. */
const included = (sender) =>
  new Promise((resolve, reject) => {
    transfer(1_000_000)
      .signAndSend(sender, { nonce: -1 }, ({ status }) => {
        if (status.isReady && task.manual) provider.send("engine_createBlock", [true, false]).catch(reject);
        if (status.isInBlock) resolve(true);
      })
      .catch(reject);
  });

const seen = { statuses: [], included: 0, dry: {} };
while (seen.statuses.length < task.count) {
  seen.statuses.push(...(await within(task.timeout, Promise.all(senders.map(follow)), "finality")));
}
for (let round = 0; round < task.waits; round += 1) {
  seen.included += await within(task.timeout, included(senders[round % senders.length]), "inclusion");
}

const [alice, bob] = senders;
const answer = (result) => result.toJSON();
seen.dry.good = answer(await transfer(1_000_000).dryRun(alice));
seen.dry.again = answer(await transfer(1_000_000).dryRun(alice));
seen.dry.failing = answer(await transfer(task.too_much).dryRun(alice));
seen.dry.unpayable = answer(await transfer(1_000_000).dryRun(key("//Unfunded")));
const signed = await transfer(1_000_000).signAsync(alice);
const bytes = signed.toU8a();
// Behind the length of two bytes and the version come the signer's kind and account.
bytes.set(bob.publicKey, 4);
seen.dry.wrong = answer(await api.rpc.system.dryRun(`0x${Buffer.from(bytes).toString("hex")}`));
seen.free = (await api.query.system.account(key("//Ferdie").address)).data.free.toNumber();
await api.disconnect();
stdout.write(JSON.stringify(seen), () => exit(0));
