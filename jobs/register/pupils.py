"""Pupils: who follows what at which school, and the subjects with their results."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobs.register.history import keep_history
from jobs.register.people import Person
from jobs.register.tables import RegisterBase, RowId


class Elevkurs(RegisterBase):
    """A pupil's place in a programme area at a school in a school year ($EK)."""

    __tablename__ = "elevkurs"
    __table_args__ = (
        UniqueConstraint("person_id", "skolear", "skolenummer", "programomradekode"),
        Index("ix_elevkurs_scope", "fylkesnummer", "skolear"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    skolear: Mapped[str] = mapped_column(String(8))
    skolenummer: Mapped[str] = mapped_column(ForeignKey("school.skolenummer"))
    programomradekode: Mapped[str] = mapped_column(String(10))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    klasse: Mapped[str | None] = mapped_column(String(20))
    startdato: Mapped[date | None]
    avbruddsdato: Mapped[date | None]
    avbruddsarsak: Mapped[str | None] = mapped_column(String(2))
    fullfortkode: Mapped[str | None] = mapped_column(String(1))
    fravar_dager: Mapped[int | None]
    fravar_timer: Mapped[int | None]
    rettstype: Mapped[str | None] = mapped_column(String(1))
    voksen: Mapped[str | None] = mapped_column(String(1))
    malform: Mapped[str | None] = mapped_column(String(1))
    sersprak: Mapped[str | None] = mapped_column(String(1))
    elevstatus: Mapped[str | None] = mapped_column(String(1))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Faglinje(RegisterBase):
    """A subject of an elevkurs ($KL); `eksamenstermin` is "" where the line gives none."""

    __tablename__ = "faglinje"
    __table_args__ = (UniqueConstraint("elevkurs_id", "fagkode", "eksamenstermin"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    elevkurs_id: Mapped[int] = mapped_column(ForeignKey("elevkurs.id"))
    fagkode: Mapped[str] = mapped_column(String(7))
    eksamenstermin: Mapped[str] = mapped_column(String(2))
    termin1: Mapped[str | None] = mapped_column(String(2))
    termin2: Mapped[str | None] = mapped_column(String(2))
    standpunkt: Mapped[str | None] = mapped_column(String(2))
    skriftlig: Mapped[str | None] = mapped_column(String(2))
    muntlig: Mapped[str | None] = mapped_column(String(2))
    annen: Mapped[str | None] = mapped_column(String(2))
    eksamensform: Mapped[str | None] = mapped_column(String(2))
    fagstatus: Mapped[str | None] = mapped_column(String(1))
    startdato: Mapped[date | None]
    avbruddsdato: Mapped[date | None]
    timer: Mapped[int | None]
    fagmerknad: Mapped[str | None] = mapped_column(String(5))
    rkv_dato: Mapped[date | None]
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


ELEVKURS_HISTORY, FAGLINJE_HISTORY = keep_history(Elevkurs), keep_history(Faglinje)
