"""Proxy (index 16): accounts that act for other accounts.

`proxy_type` has what each type of proxy may do; `declared` the types, storage, events and errors; `entries` the
deposits and the search of proxies and announcements; `calls` the calls.
"""
