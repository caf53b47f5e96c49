"""People: one row a person under an internal number, and every identity number the person has had."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from jobs.register.history import keep_history
from jobs.register.tables import RegisterBase, RowId


class Person(RegisterBase):
    """A person; all other tables know the person by `id` alone.

    `fodselsnummer` is the number in use; `PersonNumber` holds it and the earlier ones.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    fodselsnummer: Mapped[str] = mapped_column(String(11), unique=True)
    navn: Mapped[str | None] = mapped_column(String(120))
    adresse: Mapped[str | None] = mapped_column(String(120))
    postnummer: Mapped[str | None] = mapped_column(String(4))
    kommunenummer: Mapped[str | None] = mapped_column(String(4))
    morsmal: Mapped[str | None] = mapped_column(String(10))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class PersonNumber(RegisterBase):
    """An identity number, whose it is, and in which days it was the one in use.

    `til` is None for the number in use; `delivery_id` is what made it known.
    """

    __tablename__ = "person_number"
    __table_args__ = (Index("ix_person_number_person", "person_id"),)

    fodselsnummer: Mapped[str] = mapped_column(String(11), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    fra: Mapped[date | None]
    til: Mapped[date | None]
    delivery_id: Mapped[int] = mapped_column(BigInteger)


class PersonMerge(RegisterBase):
    """Two rows that turned out to be one person: which row was kept, on whose word, and why."""

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    actor: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


PERSON_HISTORY = keep_history(Person)
