"""The follow-up service: its counts, its persons, and who has read about whom."""
