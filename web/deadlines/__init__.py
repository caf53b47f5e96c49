"""Deadlines: the board, the page of one deadline and the deeds that are done there."""
