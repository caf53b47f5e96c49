"""Words that several jobs need when they explain themselves."""

import re
from collections.abc import Sequence

MOST_REASONS = 20


# As long as an identity number, and no part of a hash.
_NUMBER = re.compile(r"(?<![0-9a-f])\d{11}(?![0-9a-f])")


def without_numbers(text: str) -> str:
    """Another's text as we may keep it: no NUL, no digits enough to be a person's number."""
    return _NUMBER.sub("<nummer fjernet>", text.replace("\0", ""))


def shortened(reasons: Sequence[str]) -> list[str]:
    """The first reasons, and how many more there are: a person mends the first ones first."""
    shown = list(reasons[:MOST_REASONS])
    more = len(reasons) - len(shown)
    return [*shown, f"… og {more} til."] if more else shown
