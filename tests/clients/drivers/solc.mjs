// Compiles Solidity: prints the ABI and the bytecode of a contract, and the code of all contracts once they are deployed.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
const solc = createRequire(`${task.environment}/`)("solc");
const input = {
  language: "Solidity",
  sources: { "source.sol": { content: readFileSync(task.source, "utf8") } },
  settings: {
    ...task.settings,
    evmVersion: "prague",
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
const errors = (output.errors ?? []).filter((each) => each.severity === "error");
if (errors.length) throw new Error(errors.map((each) => each.formattedMessage).join("\n"));
const contracts = output.contracts["source.sol"];
const { abi, evm } = contracts[task.contract];
const named = Object.entries(contracts).map(([name, each]) => [name, each.evm.deployedBytecode.object]);
const report = { abi, bytecode: `0x${evm.bytecode.object}`, codes: Object.fromEntries(named) };
stdout.write(`${JSON.stringify(report)}\n`, () => exit(0));
