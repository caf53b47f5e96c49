"""Feeds: the addresses that calendar programs fetch, and where a reader finds them."""
