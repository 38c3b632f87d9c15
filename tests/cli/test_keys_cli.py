"""`pysubtensor keys`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.world import ALICE_ADDRESS

if TYPE_CHECKING:
    from .conftest import Shell

ALICE_PUBLIC = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
#: subkey's answers for //Alice.
ALICE_ED25519 = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"

#: A phrase and a seed of published test vectors.
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
SEED = "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"


def test_a_new_key_can_be_made_again_from_its_phrase(shell: Shell) -> None:
    made = shell.json("keys", "generate", "--words", "24")
    phrase = made.pop("phrase")
    assert len(phrase.split()) == 24
    assert json.loads(shell("keys", "inspect", "--json", stdin=f"{phrase}\n").stdout) == made
    assert shell.json("keys", "generate")["phrase"] != phrase


@pytest.mark.parametrize("key", [("//Alice",), (ALICE_ADDRESS,), ("--public", ALICE_PUBLIC)])
def test_a_key_can_be_named_in_three_ways(shell: Shell, key: tuple[str, ...]) -> None:
    facts = shell.json("keys", "inspect", *key)
    assert facts == {"scheme": "sr25519", "public": ALICE_PUBLIC, "account": ALICE_PUBLIC, "address": ALICE_ADDRESS}


def test_other_schemes_and_networks_give_other_addresses(shell: Shell) -> None:
    assert shell.json("keys", "inspect", "//Alice", "--scheme", "ed25519")["address"] == ALICE_ED25519
    ecdsa = shell.json("keys", "inspect", "//Alice", "--scheme", "ecdsa")
    assert ecdsa["public"] == "0x020a1091341fe5664bfa1782d5e04779689068c916b04cb365ec3153755684d9a1"
    assert shell.json("keys", "inspect", "//Alice", "--prefix", "0")["address"].startswith("1")


def test_a_secret_can_come_from_standard_input(shell: Shell) -> None:
    assert ALICE_ADDRESS in shell("keys", "inspect", "-", stdin="//Alice\n").stdout
    assert ALICE_ADDRESS in shell("keys", "sign", "-", "hello", stdin="//Alice\r\n").stdout


def test_a_terminal_is_asked_without_echo(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return "//Alice"

    monkeypatch.setattr("getpass.getpass", answer)
    monkeypatch.setattr("pysubtensor.cli.secret.is_terminal", lambda: True)
    assert ALICE_ADDRESS in shell("keys", "inspect").stdout
    assert asked == ["Secret URI: "]


@pytest.mark.parametrize("secret", [PHRASE, f"{PHRASE}//hard", SEED, f"{SEED}//0", f" {PHRASE}///password"])
@pytest.mark.parametrize(
    "command", [("keys", "inspect"), ("keys", "sign", "x"), ("tx", "system", "remark", "--remark", "x", "--from")]
)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(
    shell: Shell, command: tuple[str, ...], secret: str
) -> None:
    arguments = [*command, secret] if "sign" not in command else ["keys", "sign", secret, "x"]
    refused = shell(*arguments, code=2)
    assert "expected no phrase and no seed on the command line" in refused.stderr
    assert "legal" not in refused.output
    assert SEED[2:10] not in refused.output


def test_the_words_of_a_phrase_without_quotes_are_not_repeated(shell: Shell) -> None:
    for command in (("keys", "inspect"), ("keys", "sign"), ("tx", "system", "remark", "--remark", "x", "--from")):
        refused = shell(*command, *PHRASE.split(), code=2)
        assert "expected fewer arguments; put text with spaces in quotes" in refused.stderr
        assert "winner" not in refused.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("keys", "inspect", "--public", PHRASE),
        ("keys", "verify", "0x00", "x", PHRASE),
        ("keys", "verify", PHRASE, "x", ALICE_ADDRESS),
        ("keys", "inspect", "legal winner thank"),
        ("query", "system", "account", PHRASE),
        ("query", "system", "account", "legal winner thank"),
        ("tx", "balances", "transfer-all", "--dest", PHRASE, "--keep-alive", "true", "--from", "//Alice"),
    ],
)
def test_a_misplaced_phrase_is_not_repeated(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert "winner" not in shell(*arguments, code=2).output


def test_the_development_phrase_is_no_secret(shell: Shell) -> None:
    root = shell.json("keys", "inspect", "bottom drive obey lake curtain smoke basket hold race lonely fit walk")
    assert root["address"] == "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV", "subkey's answer"


@pytest.mark.parametrize("nothing", ["", "///", "///password", "-"])
def test_an_empty_phrase_is_refused(shell: Shell, nothing: str) -> None:
    """Without this it would be the root of the public development keys."""
    for command in (["keys", "inspect", nothing], ["keys", "sign", nothing, "x"]):
        refused = shell(*command, code=2, stdin="\n")
        assert refused.stdout == ""
        assert "got an empty one" in refused.stderr


@pytest.mark.parametrize("scheme", ["sr25519", "ed25519", "ecdsa"])
def test_signatures_are_verified_against_the_signers_address(shell: Shell, scheme: str) -> None:
    signed = shell.json("keys", "sign", "//Alice", "hello", "--scheme", scheme)
    arguments = (signed["signature"], "hello", signed["address"], "--scheme", scheme)
    good = shell("keys", "verify", *arguments)
    assert (good.stdout, good.stderr) == ("", "The signature is valid.\n")
    assert shell("keys", "verify", signed["signature"], "0x68656c6c6f", *arguments[2:])
    bad = shell("keys", "verify", signed["signature"], "hellO", *arguments[2:], code=1)
    assert "the signature is not that of" in bad.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["inspect", "one"], "expected 12, 15, 18, 21 or 24 words, got 1"),
        (["inspect", "--public", "0x00"], "expected a public key of 32 bytes (sr25519), got 1"),
        (["inspect", "//Alice/soft", "--scheme", "ed25519"], "ed25519"),
        (["sign", "//Alice", "0xz"], "expected 0x and pairs of hexadecimal digits"),
        (["verify", "0x00", "x", "5bad"], "expected an address"),
        (["generate", "--words", "13"], "Invalid value for '--words'"),
    ],
)
def test_an_invalid_key_exits_with_2(shell: Shell, arguments: list[str], message: str) -> None:
    result = shell("keys", *arguments, code=2)
    assert result.stdout == ""
    assert message in result.stderr
