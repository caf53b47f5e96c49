"""Adults: applications under chapter 18 of the Education Act, with what was decided on each."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobs.register.history import keep_history
from jobs.register.people import Person
from jobs.register.tables import RegisterBase, RowId


class Voksensoknad(RegisterBase):
    """An adult's application in a county: the right, the assessment and the place decided on it."""

    __tablename__ = "voksensoknad"
    __table_args__ = (UniqueConstraint("person_id", "fylkesnummer", "soknadsnummer"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    fylkesnummer: Mapped[str] = mapped_column(String(2), index=True)
    soknadsnummer: Mapped[str] = mapped_column(String(12))
    skolear: Mapped[str] = mapped_column(String(8))
    soknadsdato: Mapped[date | None]
    sluttkompetanse: Mapped[str | None] = mapped_column(String(2))
    programomradekode: Mapped[str | None] = mapped_column(String(10))
    rettsvedtak: Mapped[str | None] = mapped_column(String(2))
    rettsvedtak_dato: Mapped[date | None]
    rkv_vedtak_dato: Mapped[date | None]
    inntaksvedtak: Mapped[str | None] = mapped_column(String(2))
    inntaksvedtak_dato: Mapped[date | None]
    skolenummer: Mapped[str | None] = mapped_column(String(5))
    oppstartsdato: Mapped[date | None]
    sluttdato: Mapped[date | None]
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Kompetanse(RegisterBase):
    """A competence a person has reached (screen 4S001): study or vocational, and since when."""

    __tablename__ = "kompetanse"
    __table_args__ = (
        UniqueConstraint("person_id", "kompetanse"),
        Index("ix_kompetanse_scope", "fylkesnummer"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    kompetanse: Mapped[str] = mapped_column(String(2))
    oppnadd_dato: Mapped[date | None]
    grunnlag: Mapped[str | None] = mapped_column(String(10))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


VOKSENSOKNAD_HISTORY, KOMPETANSE_HISTORY = keep_history(Voksensoknad), keep_history(Kompetanse)
