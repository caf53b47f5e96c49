"""Deliveries: the year's statistics, cards, feedback lists, control and the ways to the receivers."""
