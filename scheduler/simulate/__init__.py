"""Simulate: a school year replayed by the real parts on a clock that is led, with seeded troubles."""
