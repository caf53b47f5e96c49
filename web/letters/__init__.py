"""Letters: the pages that the messages lead to, and what was and will be sent."""
