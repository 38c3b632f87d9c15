// ethers 6 at a node, over HTTP and WebSocket.

import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
const from = createRequire(`${task.environment}/`);
const { ethers } = from("ethers");

const provider = new ethers.JsonRpcProvider(task.http, undefined, { pollingInterval: 50, cacheTimeout: -1 });
const wallet = new ethers.Wallet(task.key, provider);
const seen = { chain: Number((await provider.getNetwork()).chainId), start: await provider.getBlockNumber() };
seen.balance = (await provider.getBalance(wallet.address)).toString();

const sent = await wallet.sendTransaction({ to: task.to, value: ethers.parseEther("1") });
const receipt = await sent.wait();
seen.transfer = [receipt.status, Number(receipt.gasUsed), receipt.from === wallet.address];
seen.found = (await provider.getTransaction(sent.hash)).blockNumber === receipt.blockNumber;
seen.block = (await provider.getBlock(receipt.blockNumber, true)).prefetchedTransactions[0].hash === sent.hash;

const factory = new ethers.ContractFactory(task.abi, task.bytecode, wallet);
const contract = await factory.deploy();
await contract.waitForDeployment();
const address = await contract.getAddress();
seen.code = (await provider.getCode(address)).length > 100;
seen.before = Number(await contract.count());
await (await contract.add(5)).wait();
seen.after = Number(await contract.count());
seen.events = (await contract.queryFilter(contract.filters.Counted(wallet.address), 0)).map((each) => Number(each.args.count));

const ws = new ethers.WebSocketProvider(task.url);
const head = new Promise((resolve) => ws.once("block", resolve));
const listening = new ethers.Contract(address, task.abi, ws);
const counted = new Promise((resolve) => {
  listening.once("Counted", (by, count) => resolve([by === wallet.address, Number(count)]));
});
await ws.getBlockNumber();
await new Promise((resolve) => setTimeout(resolve, 100));
await (await contract.add(7)).wait();
seen.heads = (await head) > seen.start;
seen.log = await counted;
await ws.destroy();

seen.revert = await contract.add.staticCall(13).catch((error) => error.reason);
seen.custom = await contract.add.staticCall(101).catch((error) => [error.revert.name, error.revert.args.map(Number)]);
seen.estimate = await contract.add.estimateGas(13).catch((error) => error.reason);

await provider.send("evm_setAutomine", [false]);
const nonce = await provider.getTransactionCount(wallet.address, "pending");
await wallet.sendTransaction({ to: task.to, value: 1n, nonce, gasLimit: 21000 });
seen.pending = (await provider.getTransactionCount(wallet.address, "pending")) - nonce;
const fees = { maxFeePerGas: ethers.parseUnits("200", "gwei"), maxPriorityFeePerGas: ethers.parseUnits("9", "gwei") };
seen.replaced = await wallet
  .sendTransaction({ to: task.to, value: 2n, nonce, gasLimit: 21000, ...fees })
  .catch((error) => [error.code, error.error?.message ?? error.info?.error?.message ?? error.message]);
await provider.send("evm_setAutomine", [true]);
await provider.send("evm_mine", []);

const next = await provider.getTransactionCount(wallet.address, "latest");
const raced = await Promise.all(
  [2, 0, 3, 1].map((more) => wallet.sendTransaction({ to: task.to, value: 1n, nonce: next + more, gasLimit: 21000 })),
);
seen.raced = (await Promise.all(raced.map((each) => each.wait()))).map((each) => each.status);
seen.stale = await wallet
  .sendTransaction({ to: task.to, value: 1n, nonce: next, gasLimit: 21000 })
  .catch((error) => error.code);
seen.poor = await wallet.sendTransaction({ to: task.to, value: ethers.parseEther("1000000"), gasLimit: 21000 }).catch((error) => error.code);

stdout.write(`${JSON.stringify(seen)}\n`, () => exit(0));
