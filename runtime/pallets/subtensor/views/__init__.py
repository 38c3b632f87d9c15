"""Answers of the runtime APIs about subnets, neurons, delegates and stake: one file for each kind of answer.

`subnet_fields` defines how each field of an answer about a subnet is read; the records of `subnet_info`,
`dynamic_info`, `metagraph` and `subnet_state` are read from it by the names of their fields. No view writes to storage.
"""
