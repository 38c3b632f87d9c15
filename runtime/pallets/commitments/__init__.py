"""Commitments (index 18): public data of hotkeys on a subnet.

`data` has the forms of a field; `declared` the types, storage, events and errors; `calls` the calls; `subnet` what
other pallets do with the commitments of a whole subnet.
"""
