"""Wheel: the school year as a drawing, a table, a month and a poster, and what the reader chose to see."""
