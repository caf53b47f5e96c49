"""Feed tables: the same selection as CSV for spreadsheets and as JSON for programs."""

import csv
import io
import json

from scheduler.feeds.records import FIELDS
from scheduler.feeds.selection import Selection
from scheduler.feeds.shelf import Shelf

# A Norwegian spreadsheet opens a file with this mark and semicolons rightly by itself.
_BYTE_ORDER_MARK = "\ufeff"


def json_file(shelf: Shelf, selection: Selection) -> bytes:
    """A list of records (`scheduler.feeds.records`), by due date, one a line."""
    bodies = ",\n".join(entry.body for entry in shelf.select(selection))
    return f"[\n{bodies}\n]\n".encode() if bodies else b"[]\n"


def csv_file(shelf: Shelf, selection: Selection) -> bytes:
    """The records without the trace; several values in one field are parted by spaces."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(FIELDS)
    for entry in shelf.select(selection):
        record = json.loads(entry.body)
        writer.writerow([_cell(record[field]) for field in FIELDS])
    return f"{_BYTE_ORDER_MARK}{written.getvalue()}".encode()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
