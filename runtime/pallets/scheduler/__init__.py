"""Scheduler (index 15): calls that run at a later block."""
