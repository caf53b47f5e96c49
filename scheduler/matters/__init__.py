"""Matters: what waits for a person; `scheduler.inbox` gathers them."""
