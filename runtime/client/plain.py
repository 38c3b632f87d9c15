"""The types of plain values, as `from_plain` reads them, for the signatures of typed calls, keys and parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

from numpy.typing import NDArray

from ..crypto import Keypair
from ..frame.call import Call
from ..frame.extrinsic import MultiAddress

#: An integer, Python's or NumPy's.
Integer = SupportsIndex
#: An amount: in rao (`tao(1.5)` returns rao), or text with its unit such as "1.5tao".
Money = SupportsIndex | str
#: An account: an SS58 address, a development name such as "alice", a URI such as "//Alice//hot", 32 bytes, or a key.
Account = str | bytes | Keypair
#: 32 bytes: as they are, or as `0x…`.
Hash = str | bytes
#: Amounts by account.
Balances = Mapping[str, Money] | Mapping[bytes, Money] | Mapping[Keypair, Money]
#: A key that signs: a `Keypair`, a secret URI such as "//Alice", or a development name such as "alice".
SigningKey = Keypair | str
#: An account where the chain takes several kinds of addresses.
Address = Account | MultiAddress | Mapping[str, object]
#: Bytes: as they are, as text, as `0x…`, or as numbers from 0 to 255.
Data = bytes | bytearray | str | Sequence[int]
#: Numbers in order: a list, a tuple, or an array.
Numbers = Sequence[SupportsIndex] | NDArray[Any]
#: The fields of a record, by name or in order.
Fields = Mapping[str, object] | Sequence[object]
#: A variant of an enum with fields: its name, or name and fields.
Variant = str | Mapping[str, object] | tuple[str, object]
#: A call inside a call, as `chain.calls` makes it; or in a form of other tools.
CallForm = Call | Mapping[str, object] | str | bytes
#: A block: its number, or its hash (32 bytes, or 0x and 64 digits).
BlockId = bytes | str | int
