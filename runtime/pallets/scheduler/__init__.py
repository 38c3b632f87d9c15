"""Scheduler (index 15): calls that are dispatched in a later block.

`declared` has the types, storage, events and errors; `agendas` the tasks of a block; `service` the work at the
beginning of a block; `calls` the calls.
"""
