"""Applicants: who applied for a place in a year, and the wishes in their order."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobs.register.history import keep_history
from jobs.register.people import Person
from jobs.register.tables import RegisterBase, RowId


class Soker(RegisterBase):
    """A person's application to a county's intake of a year; `poengsum` is in hundredths."""

    __tablename__ = "soker"
    __table_args__ = (
        UniqueConstraint("person_id", "sokerar", "fylkesnummer"),
        Index("ix_soker_scope", "fylkesnummer", "sokerar"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    sokerar: Mapped[str] = mapped_column(String(4))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    sokergruppe: Mapped[str | None] = mapped_column(String(2))
    rettstype: Mapped[str | None] = mapped_column(String(1))
    avgiverskole: Mapped[str | None] = mapped_column(String(5))
    poengsum: Mapped[int | None]
    soknadsfrist: Mapped[str | None] = mapped_column(String(4))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Onske(RegisterBase):
    """A wish: a place at a school or an apprenticeship, and what became of it."""

    __tablename__ = "onske"
    __table_args__ = (UniqueConstraint("soker_id", "onskenummer"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    soker_id: Mapped[int] = mapped_column(ForeignKey("soker.id"))
    onskenummer: Mapped[int]
    onsketype: Mapped[str | None] = mapped_column(String(1))
    skolenummer: Mapped[str | None] = mapped_column(String(5))
    programomradekode: Mapped[str | None] = mapped_column(String(10))
    behandlingskategori: Mapped[str | None] = mapped_column(String(2))
    statuskode: Mapped[str | None] = mapped_column(String(2))
    statusdato: Mapped[date | None]
    svar: Mapped[str | None] = mapped_column(String(3))
    inntaksrunde: Mapped[int | None]
    ventelistenummer: Mapped[int | None]
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


SOKER_HISTORY, ONSKE_HISTORY = keep_history(Soker), keep_history(Onske)
