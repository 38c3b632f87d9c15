"""The lab: experiments with actors on a whole chain, which answer whether a subnet can be gamed and at what price.

An `Experiment` (parameters, actors, epochs) is read from TOML by `reading`; `run` plays it on a `Chain.dev()` and
returns the `Record` of its epochs; `answers` turns records into figures. See docs/lab/README.md.
"""
