"""The error of experiments that cannot be run."""

from __future__ import annotations


class ExperimentError(ValueError):
    """An experiment that cannot be run; the message says where it is wrong."""
