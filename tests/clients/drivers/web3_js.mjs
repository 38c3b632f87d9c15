// web3.js 4 at a node, over HTTP and WebSocket.

import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
const from = createRequire(`${task.environment}/`);
const { Web3 } = from("web3");

const web3 = new Web3(task.http);
web3.eth.transactionPollingInterval = 50;
const { address: own } = web3.eth.accounts.wallet.add(task.key)[0];
const seen = { chain: Number(await web3.eth.getChainId()), start: Number(await web3.eth.getBlockNumber()) };
seen.balance = (await web3.eth.getBalance(own)).toString();
const receipt = await web3.eth.sendTransaction({ from: own, to: task.to, value: web3.utils.toWei("1", "ether"), gas: 21000 });
seen.transfer = [Number(receipt.status), Number(receipt.gasUsed), receipt.from === own.toLowerCase()];
seen.found = (await web3.eth.getTransaction(receipt.transactionHash)).blockNumber === receipt.blockNumber;
seen.block = (await web3.eth.getBlock(receipt.blockNumber, true)).transactions[0].hash === receipt.transactionHash;

const deployed = await new web3.eth.Contract(task.abi).deploy({ data: task.bytecode }).send({ from: own });
const contract = new web3.eth.Contract(task.abi, deployed.options.address);
const address = deployed.options.address;
seen.code = (await web3.eth.getCode(address)).length > 100;
const count = async () => Number(await contract.methods.count().call());
seen.before = await count();
await contract.methods.add(5).send({ from: own });
seen.after = await count();
const events = await contract.getPastEvents("Counted", { filter: { by: own }, fromBlock: 0 });
seen.events = events.map((each) => Number(each.returnValues.count));

const ws = new Web3(task.url);
const heads = await ws.eth.subscribe("newBlockHeaders");
const head = new Promise((resolve) => heads.once("data", (block) => resolve(Number(block.number))));
const logs = await ws.eth.subscribe("logs", { address });
const counted = new Promise((resolve) => {
  logs.once("data", (log) => resolve([`0x${log.topics[1].slice(26)}` === own.toLowerCase(), Number(log.data)]));
});
await contract.methods.add(7).send({ from: own });
seen.heads = (await head) > seen.start;
seen.log = await counted;
ws.currentProvider.disconnect();

const reason = (error) => error.reason ?? error.cause?.errorArgs?.message ?? error.cause?.message ?? error.innerError?.message ?? error.message;
seen.revert = await contract.methods.add(13).call().catch(reason);
seen.custom = await contract.methods
  .add(101)
  .call()
  .catch((error) => [error.cause.errorName, [Number(error.cause.errorArgs.wanted), Number(error.cause.errorArgs.allowed)]]);
seen.estimate = await contract.methods.add(13).estimateGas({ from: own }).catch(reason);

const rpc = (method, ...params) => web3.requestManager.send({ method, params });
const signed = async (fields) =>
  (await web3.eth.accounts.signTransaction({ to: task.to, gas: 21000, chainId: 42, gasPrice: 10n ** 11n, ...fields }, task.key)).rawTransaction;
await rpc("evm_setAutomine", false);
const nonce = await web3.eth.getTransactionCount(own, "pending");
await rpc("eth_sendRawTransaction", await signed({ value: 1, nonce }));
seen.pending = Number((await web3.eth.getTransactionCount(own, "pending")) - nonce);
const message = (error) => error.cause?.message ?? error.innerError?.message ?? error.message;
seen.replaced = await rpc("eth_sendRawTransaction", await signed({ value: 2, nonce, gasPrice: 2n * 10n ** 11n })).catch((error) => ["", message(error)]);
await rpc("evm_setAutomine", true);
await rpc("evm_mine");

const next = await web3.eth.getTransactionCount(own);
const raced = await Promise.all(
  [2n, 0n, 3n, 1n].map(async (more) => rpc("eth_sendRawTransaction", await signed({ value: 1, nonce: next + more }))),
);
const mined = async (hash) => {
  for (;;) {
    const found = await rpc("eth_getTransactionReceipt", hash);
    if (found) return Number(found.status);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
seen.raced = await Promise.all(raced.map(mined));
seen.stale = await rpc("eth_sendRawTransaction", await signed({ value: 3, nonce: next })).catch(message);
seen.poor = await rpc("eth_sendRawTransaction", await signed({ value: 10n ** 24n, nonce: next + 4n })).catch(message);

stdout.write(`${JSON.stringify(seen)}\n`, () => exit(0));
