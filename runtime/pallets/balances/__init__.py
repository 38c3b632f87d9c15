"""Balances (index 5): the TAO of accounts, in rao: transfers, reserves, holds, the total issuance.

`declared` has the types, storage, events and errors; `accounts` keeps balances and account references in step;
`fungible` moves, mints and burns; `holds` and `reserves` set amounts aside; `calls` has the calls.
"""
