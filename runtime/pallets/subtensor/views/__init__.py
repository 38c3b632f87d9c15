"""What runtime APIs answer about subnets, neurons, delegates and stake: one file for each kind of answer.

`subnet` knows how each field of an answer about a subnet is read; the records of `subnet_info`, `dynamic_info`,
`metagraph` and `show_subnet` are filled from it, field by field, by name. Nothing here writes.
"""
