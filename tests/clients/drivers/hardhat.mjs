// Hardhat 2 with the helpers for its network, at a node that names itself as Anvil does.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chdir, env, exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
// A project of its own, in which Hardhat finds its configuration and its packages.
mkdirSync(`${task.home}/project`, { recursive: true });
chdir(`${task.home}/project`);
symlinkSync(`${task.environment}/node_modules`, "node_modules");
const networks = { devnet: { url: task.http, accounts: [task.key] } };
writeFileSync("package.json", "{}");
writeFileSync(
  "hardhat.config.js",
  `require("@nomicfoundation/hardhat-ethers");\nmodule.exports = ${JSON.stringify({ solidity: "0.8.28", defaultNetwork: "devnet", networks })};\n`,
);
env.HARDHAT_DISABLE_TELEMETRY_PROMPT = "true";
const from = createRequire(`${process.cwd()}/`);
const hre = from("hardhat");
const helpers = from("@nomicfoundation/hardhat-network-helpers");
const { ethers } = hre;

const seen = {};
const [owner] = await ethers.getSigners();
const balance = (address) => ethers.provider.getBalance(address).then(String);
const latest = async () => (await ethers.provider.getBlock("latest")).number;

const factory = new ethers.ContractFactory(task.abi, task.bytecode, owner);
async function deployed() {
  const contract = await factory.deploy();
  await contract.waitForDeployment();
  await (await contract.add(5)).wait();
  return { contract };
}
const { contract } = await helpers.loadFixture(deployed);
await (await contract.add(6)).wait();
seen.count = Number(await contract.count());
const again = await helpers.loadFixture(deployed);
seen.fixture = Number(await again.contract.count());
seen.same = (await again.contract.getAddress()) === (await contract.getAddress());

await helpers.setBalance(task.to, 10n ** 18n);
seen.balance = await balance(task.to);
await helpers.setNonce(task.to, 7);
seen.nonce = await ethers.provider.getTransactionCount(task.to);
const target = `0x${"33".repeat(20)}`;
await helpers.setCode(target, "0x602a60005260206000f3");
seen.code = await ethers.provider.call({ to: target });
await helpers.setStorageAt(target, 2, 9);
seen.storage = await helpers.getStorageAt(target, 2);

const before = await latest();
await helpers.mine(3);
await helpers.mineUpTo(before + 5);
seen.mined = (await latest()) - before;
const time = await helpers.time.latest();
await helpers.time.increase(3600);
seen.later = (await helpers.time.latest()) - time;
await helpers.time.increaseTo(time + 7200);
seen.to = (await helpers.time.latest()) - time;
await helpers.time.setNextBlockTimestamp(time + 10_000);
await helpers.mine();
seen.next = (await helpers.time.latest()) - time;

const snapshot = await helpers.takeSnapshot();
await helpers.setBalance(task.to, 5n * 10n ** 18n);
await snapshot.restore();
seen.restored = await balance(task.to);

await helpers.impersonateAccount(task.to);
// Hardhat sends only what its own keys sign once it has some, so that another provider asks the node.
const whale = new ethers.JsonRpcSigner(new ethers.JsonRpcProvider(task.http, undefined, { pollingInterval: 50 }), task.to);
const receipt = await (await whale.sendTransaction({ to: owner.address, value: 10n ** 17n })).wait();
seen.impersonated = [receipt.status, receipt.from === whale.address];
await helpers.stopImpersonatingAccount(task.to);
seen.refused = await whale.sendTransaction({ to: owner.address, value: 1n }).then(
  () => "sent",
  (error) => error.message,
);
await helpers.setNextBlockBaseFeePerGas(33n * 10n ** 9n);
seen.price = (await ethers.provider.send("eth_gasPrice", [])).toString();
seen.metadata = (await ethers.provider.send("hardhat_metadata", [])).chainId;
seen.revert = await contract.add.staticCall(13).catch((error) => error.message);

stdout.write(`${JSON.stringify(seen)}\n`, () => exit(0));
