"""Measurements against a peer or a limit, in one run on one machine; never a test."""
