"""Paper: texts laid out for a terminal of 80 columns, where nothing is cut off."""

import textwrap
from datetime import datetime

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import short_date

WIDTH = 80
MOST_REASONS = 3
DATE_STATUS = {"proposed": "foreslått", "confirmed": "bekreftet"}
STAGES = {"first": "1. levering", "feedback": "tilbakemelding", "final": "endelig levering"}


def filled(text: str, indent: int = 0, hang: int = 0) -> str:
    """The text in lines from `indent`, those after the first `hang` further in.

    Only a word that is wider than the paper goes over several lines.
    """
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False,
    )


def instant(value: datetime) -> str:
    """23.10.2026 kl. 06.00, in Oslo."""
    local = value.astimezone(OSLO)
    return f"{short_date(local.date())} kl. {local:%H.%M}"


def few(reasons: list[str]) -> list[str]:
    """The first reasons, and how many there are besides."""
    rest = len(reasons) - MOST_REASONS
    return [*reasons[:MOST_REASONS], *([f"og {rest} til"] if rest > 0 else [])]
