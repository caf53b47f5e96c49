"""Calendar: changing it, publishing it, and what each version changed for whom."""
