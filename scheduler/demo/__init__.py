"""The demonstration: a school year replayed with synthetic data, its accounts, contacts and files."""
