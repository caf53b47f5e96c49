"""Typesetting: a template and what it is to say, to a PDF; equal sheets are equal bytes."""

import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

# PDF/A-2a, to be archived; PDF/UA-1, to be read aloud.
Standard = Literal["a-2a", "ua-1"]
FONTS = Path(__file__).parents[1] / "static/vendor/source-sans-3"
FONT = "Source Sans 3"
# typst remembers its work, tens of megabytes a poster, for that many documents; no other poster
# has use for it, and after as many empty ones it is forgotten.
REMEMBERED = 11
# One at a time: typesetting takes every processor it finds; what is kept is not held up by it.
_typesetting = threading.Lock()


def typeset(template: Path, sheet: str, *standards: Standard, at: datetime | int = 0) -> bytes:
    """The PDF of the sheet (JSON), in the standards named, said to be made `at`."""
    with _typesetting:
        return typst.compile(
            str(template),
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"sheet": sheet},
            pdf_standards=list(standards),
            timestamp=at,
        )


def forget() -> None:
    """Give back the memory that typst remembers its work in."""
    with _typesetting:
        for _ in range(REMEMBERED):
            typst.compile(b"", format="pdf", font_paths=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours alone, so that every machine gives the same page."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
