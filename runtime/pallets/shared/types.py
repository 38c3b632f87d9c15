"""Types that pallets share: ids, amounts, hashes, addresses.

They are encoded as plain numbers and byte strings. Metadata names them as the source does, because clients convert
values by these names.
"""

from __future__ import annotations

from typing import Annotated

from ...frame.extrinsic import MultiAddress
from ...scale import H256, Bytes8, SourceName, codec_of, newtype, u8, u16, u32, u64

#: A subnet; 0 is root.
NetUid = Annotated[u16, SourceName("NetUid")]
#: One of a subnet's incentive mechanisms, from 0.
MechId = Annotated[u8, SourceName("MechId")]
#: A subnet and a mechanism in one number, `mechanism * 4096 + netuid`: the key of storage that each mechanism has.
NetUidStorageIndex = Annotated[u16, SourceName("NetUidStorageIndex")]
#: An amount of TAO, in rao (a billionth).
TaoBalance = Annotated[u64, SourceName("TaoBalance")]
#: An amount of a subnet's alpha, in billionths.
AlphaBalance = Annotated[u64, SourceName("AlphaBalance")]
#: An amount of TAO in the pallets of FRAME, in rao.
Balance = Annotated[u64, SourceName("Balance", "BalanceOf<T>")]
#: The number of a block, or a number of blocks.
BlockNumber = Annotated[u32, SourceName("BlockNumber", "BlockNumberFor<T>")]
#: An output of the runtime's hashing.
Hash = Annotated[H256, SourceName("Hash", "T::Hash")]
#: The identifier of a pallet's account: eight ASCII bytes.
PalletId = Annotated[bytes, newtype(codec_of(Bytes8), "frame_support::PalletId")]
#: The address of an account in calls. This chain accepts the variant `Id` only.
AccountIdLookup = Annotated[MultiAddress, SourceName("AccountIdLookupOf<T>")]

#: The root network: stake on it is TAO, its validators earn from all subnets.
ROOT_NETUID = 0
#: The account of 32 zero bytes, which stands for no account.
ZERO_ACCOUNT = bytes(32)
