"""A skeleton filled in as somebody would, field by field."""

import re

from scheduler.calendar.new_row import NEW

VALUES = {
    "name": "Ny levering om våren",
    "kind": "import",
    "sender": "inschool",
    "receiver": "vigo",
    "audience": "[fylke-skole]",
    "due": "{date: 20. april, shift: preceding}",
    "description": "Det nye som leveres om våren.",
}


def filled(skeleton: str, row: str = "skole-ny") -> str:
    """The skeleton with `VALUES` in its fields, and no line for the reference date."""
    block = skeleton.replace(f"  {NEW}:", f"  {row}:", 1)
    for field, value in VALUES.items():
        block = re.sub(rf"(?m)^    {field}:.*$", f"    {field}: {value}", block, count=1)
    return re.sub(r"(?m)^    reference_date:\n", "", block, count=1)
