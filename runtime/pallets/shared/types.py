"""Types that all of Subtensor's pallets speak: ids and amounts. To metadata they are the integers that they hold."""

from __future__ import annotations

from ...scale import (
    u8,
    u16,
    u32,
    u64,
)

#: A subnet; 0 is root.
NetUid = u16
#: One of a subnet's incentive mechanisms, from 0.
MechId = u8
#: A subnet and a mechanism in one number, `mechanism * 4096 + netuid`: the key of what each mechanism has for itself.
NetUidStorageIndex = u16
#: An amount of TAO, in rao (a billionth).
TaoBalance = u64
#: An amount of a subnet's alpha, in billionths.
AlphaBalance = u64
BlockNumber = u32

#: The root network: stake on it is TAO, its validators earn from all subnets.
ROOT_NETUID = 0
#: The account of zeros, which stands for no account.
ZERO_ACCOUNT = bytes(32)
