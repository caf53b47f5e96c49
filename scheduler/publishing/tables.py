"""The table of proposals: another text of the calendar that waits for a second person."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.ledger.tables import LedgerBase


class ProposalRow(LedgerBase):
    """A proposed text of calendar.yaml, whole, with what it was made from; settled, never deleted.

    `base` is the version that it changes, `deliverable` the row it changes in it (or the section, as
    `scheduler.calendar.block` calls its part), `sha256` of `text` what an approval is bound to. `why` is the reason that those concerned are told. `outcome` is
    None while open, else "published", as `version`, or "withdrawn"; `settled_*` say by whom and why.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[int] = mapped_column(ForeignKey("calendar_version.number"))
    deliverable: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    settled_by: Mapped[str] = mapped_column(String(80), default="")
    settled_at: Mapped[datetime | None]
    settled_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int | None] = mapped_column(ForeignKey("calendar_version.number"))
