"""Operation: the service's own condition, for those who run it and for monitoring."""
