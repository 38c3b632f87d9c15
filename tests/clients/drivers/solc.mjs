// Compiles Solidity: prints the ABI and the bytecode of a contract.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { exit, stdout } from "node:process";

const task = JSON.parse(process.argv[2]);
const solc = createRequire(`${task.environment}/`)("solc");
const input = {
  language: "Solidity",
  sources: { "source.sol": { content: readFileSync(task.source, "utf8") } },
  settings: { evmVersion: "prague", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
const errors = (output.errors ?? []).filter((each) => each.severity === "error");
if (errors.length) throw new Error(errors.map((each) => each.formattedMessage).join("\n"));
const contract = output.contracts["source.sol"][task.contract];
stdout.write(`${JSON.stringify({ abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` })}\n`, () => exit(0));
