"""Words that several jobs need when they explain themselves."""

from collections.abc import Sequence

MOST_REASONS = 20


def shortened(reasons: Sequence[str]) -> list[str]:
    """The first reasons, and how many more there are: a person mends the first ones first."""
    shown = list(reasons[:MOST_REASONS])
    more = len(reasons) - len(shown)
    return [*shown, f"… og {more} til."] if more else shown
