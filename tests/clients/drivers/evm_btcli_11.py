"""The `evm` commands of `bittensor` 11's `btcli`, without a terminal: setup, keys, money, contracts, stake."""

import json
import os
import subprocess
import sys
from pathlib import Path

task = json.loads(sys.argv[1])
HOME = Path(task["home"])
ENVIRONMENT = os.environ | {"COLUMNS": "20000", "HOME": str(HOME), "BT_WALLET_PASSWORD": "open sesame"}
WHOSE = [
    "--wallet",
    "alice",
    "--wallet-hotkey",
    "hot",
    "--wallet-path",
    str(HOME / "wallets"),
    "--network",
    task["url"],
]
PORT = ["--rpc-url", task["http"]]
SEND = ["--yes"]


def ask(*arguments):
    """Return the JSON output of a command that must succeed."""
    ran = subprocess.run(
        [Path(sys.executable).with_name("btcli"), *map(str, arguments), *WHOSE, "--json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=task["timeout"],
        env=ENVIRONMENT,
    )
    if ran.returncode:
        raise AssertionError((arguments, ran.stdout[-2000:], ran.stderr[-2000:]))
    return documents(ran.stdout)


def documents(text):
    """Return the JSON documents of an output, one after the other; objects as one."""
    found, rest = {}, text.strip()
    while rest:
        value, end = json.JSONDecoder().raw_decode(rest)
        found |= value if isinstance(value, dict) else {"value": value}
        rest = rest[end:].strip()
    return found


seen = {}
ask("wallet", "regen-coldkey", "--seed", task["seed"], "--no-password")
ask("wallet", "regen-hotkey", "--seed", task["hotkey_seed"])
seen["setup"] = ask("evm", "setup-localnet", *PORT, *SEND)
seen["key"] = ask("evm", "key", "import", "--name", "default", "--private-key", task["key"])
seen["mirror"] = ask("evm", "mirror", task["address"])
seen["funded"] = ask("evm", "fund", "--evm-key", "default", "--amount-tao", "100", *SEND)
seen["balance"] = ask("evm", "balance", *PORT)
seen["doctor"] = ask("evm", "doctor", *PORT)
seen["sent"] = ask("evm", "send", "--to", task["to"], "--amount-tao", "1", *PORT, *SEND)
artifact = HOME / "Counter.json"
artifact.write_text(json.dumps({"abi": task["abi"], "bytecode": task["bytecode"]}))
seen["deployed"] = ask("evm", "deploy", artifact, *PORT, *SEND)
contract = next(value for key, value in seen["deployed"].items() if key in ("contract_address", "contract", "address"))
seen["added"] = ask("evm", "call", contract, "add", "5", "--abi", artifact, *PORT, *SEND)
seen["count"] = ask("evm", "call", contract, "count", "--abi", artifact, *PORT)
seen["staked"] = ask("evm", "stake", "add", "--netuid", task["netuid"], "--amount-tao", "10", *PORT, *SEND)
seen["stake"] = ask("evm", "stake", "show", "--netuid", task["netuid"], *PORT)
seen["to_ss58"] = ask("evm", "send-to-ss58", "--to", task["ss58"], "--amount-tao", "2", *PORT, *SEND)
seen["deposit"] = ask("evm", "deposit-address")
address = next(value for value in seen["deposit"].values() if isinstance(value, str) and value.startswith("0x"))
ask("evm", "send", "--to", address, "--amount-tao", "3", *PORT, *SEND)
seen["claimed"] = ask("evm", "claim-deposit", "--amount-tao", "2", *SEND)
seen["associated"] = ask("evm", "associate", "--netuid", task["netuid"], *SEND)
print(json.dumps(seen))  # noqa: T201  # the report
