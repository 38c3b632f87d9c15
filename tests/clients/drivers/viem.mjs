// viem 2 at a node, over HTTP and WebSocket.

import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
const from = createRequire(`${task.environment}/`);
const { createPublicClient, createWalletClient, createTestClient, defineChain, http, parseEther, parseGwei, webSocket, BaseError, ContractFunctionRevertedError } = from("viem");
const { privateKeyToAccount } = from("viem/accounts");

const chain = defineChain({
  id: 42,
  name: "devnet",
  nativeCurrency: { name: "TAO", symbol: "TAO", decimals: 18 },
  rpcUrls: { default: { http: [task.http] } },
});
const account = privateKeyToAccount(task.key);
const options = { chain, transport: http(task.http), pollingInterval: 50 };
const reader = createPublicClient(options);
const wallet = createWalletClient({ ...options, account });
const test = createTestClient({ ...options, mode: "anvil" });

const seen = { chain: await reader.getChainId(), start: Number(await reader.getBlockNumber()) };
seen.balance = (await reader.getBalance({ address: account.address })).toString();
const hash = await wallet.sendTransaction({ to: task.to, value: parseEther("1") });
const receipt = await reader.waitForTransactionReceipt({ hash });
seen.transfer = [receipt.status === "success" ? 1 : 0, Number(receipt.gasUsed), receipt.from === account.address.toLowerCase()];
seen.found = (await reader.getTransaction({ hash })).blockNumber === receipt.blockNumber;
const block = await reader.getBlock({ blockNumber: receipt.blockNumber, includeTransactions: true });
seen.block = block.transactions[0].hash === hash;

const deployed = await wallet.deployContract({ abi: task.abi, bytecode: task.bytecode });
const address = (await reader.waitForTransactionReceipt({ hash: deployed })).contractAddress;
const contract = { address, abi: task.abi };
const add = async (n, more = {}) => {
  const sent = await wallet.writeContract({ ...contract, functionName: "add", args: [BigInt(n)], ...more });
  return reader.waitForTransactionReceipt({ hash: sent });
};
const count = async () => Number(await reader.readContract({ ...contract, functionName: "count" }));
seen.code = (await reader.getCode({ address })).length > 100;
seen.before = await count();
await add(5);
seen.after = await count();
const events = await reader.getContractEvents({ ...contract, eventName: "Counted", args: { by: account.address }, fromBlock: 0n });
seen.events = events.map((each) => Number(each.args.count));

const ws = createPublicClient({ chain, transport: webSocket(task.url) });
const head = new Promise((resolve) => ws.watchBlockNumber({ onBlockNumber: resolve, emitMissed: false }));
const counted = new Promise((resolve) => {
  ws.watchContractEvent({ ...contract, eventName: "Counted", onLogs: ([log]) => resolve([log.args.by === account.address, Number(log.args.count)]) });
});
await ws.getBlockNumber();
await new Promise((resolve) => setTimeout(resolve, 100));
await add(7);
seen.heads = Number(await head) > seen.start;
seen.log = await counted;

const reverted = (error) => error.walk((each) => each instanceof ContractFunctionRevertedError);
const simulate = (n) => reader.simulateContract({ ...contract, functionName: "add", args: [BigInt(n)], account });
seen.revert = await simulate(13).catch((error) => reverted(error).reason);
seen.custom = await simulate(101).catch((error) => [reverted(error).data.errorName, reverted(error).data.args.map(Number)]);
seen.estimate = await reader
  .estimateContractGas({ ...contract, functionName: "add", args: [13n], account })
  .catch((error) => reverted(error).reason);

await test.setAutomine(false);
const nonce = await reader.getTransactionCount({ address: account.address, blockTag: "pending" });
await wallet.sendTransaction({ to: task.to, value: 1n, nonce, gas: 21000n });
seen.pending = (await reader.getTransactionCount({ address: account.address, blockTag: "pending" })) - nonce;
const details = (error) => error.walk((each) => each.details !== undefined).details;
seen.replaced = await wallet
  .sendTransaction({ to: task.to, value: 2n, nonce, gas: 21000n, maxFeePerGas: parseGwei("200"), maxPriorityFeePerGas: parseGwei("9") })
  .catch((error) => ["", details(error)]);
await test.setAutomine(true);
await test.mine({ blocks: 1 });

const next = await reader.getTransactionCount({ address: account.address });
const raced = await Promise.all(
  [2, 0, 3, 1].map((more) => wallet.sendTransaction({ to: task.to, value: 1n, nonce: next + more, gas: 21000n })),
);
seen.raced = await Promise.all(
  raced.map(async (each) => ((await reader.waitForTransactionReceipt({ hash: each })).status === "success" ? 1 : 0)),
);
const named = (error) => error.walk((each) => each.name !== "TransactionExecutionError")?.name ?? error.name;
seen.stale = await wallet.sendTransaction({ to: task.to, value: 1n, nonce: next, gas: 21000n }).catch(named);
seen.poor = await wallet.sendTransaction({ to: task.to, value: parseEther("1000000"), gas: 21000n }).catch(named);

stdout.write(`${JSON.stringify(seen)}\n`, () => exit(0));
