"""A copy of everything that is needed to go on elsewhere, and the way back."""


class BackupError(Exception):
    """A backup or a restore cannot be done; one Norwegian sentence with the remedy."""
