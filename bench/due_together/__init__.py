"""Many deliveries due at one instant, and the nodes that begin them: what `bench.start_lag` times."""
