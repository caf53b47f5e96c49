"""The follow-up service (OT): who is registered, every status since, and who was left out and why.

A line is a person's registration in a county in a school year, as it stands now. What happened to
it is its events, which are only ever added: what was true on a day is read from them.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobs.register.people import Person
from jobs.register.tables import RegisterBase, RowId

FIRST_STATUS = "OTUK"


class Event(StrEnum):
    """What happened to a line: registered (or again), given a status, given another unit, ended."""

    REGISTERED = "T"
    STATUS = "S"
    MOVED = "F"
    ENDED = "A"


# The events that say whether somebody is registered.
MEMBERSHIP = (Event.REGISTERED.value, Event.ENDED.value)


class Source(StrEnum):
    """Who made an event: a job of ours, an adviser, or a file from the service's own system."""

    JOB = "jobb"
    ADVISER = "radgiver"
    IMPORT = "import"


class Personmerke(RegisterBase):
    """A mark on a person (code list personmerke) and its first and last day, None for no limit.

    Marks come in by file, on a person's word (jobs/ot/marks.py).
    """

    __tablename__ = "personmerke"
    __table_args__ = (UniqueConstraint("person_id", "personmerke", "fra"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    personmerke: Mapped[str] = mapped_column(String(3))
    fra: Mapped[date | None]
    til: Mapped[date | None]


class OtLinje(RegisterBase):
    """A person in the follow-up service of a county in a school year ("20262027").

    `regel` gave the reason for registration, `regler` is every rule that matched, `bevis` what they
    saw. A line with a protected address (`skjermet`) is kept out of ordinary lists. It is ended by
    `avsluttet_at` and `avsluttet_grunn`, and opened again when the person breaks off anew.
    """

    __tablename__ = "ot_linje"
    __table_args__ = (
        UniqueConstraint("person_id", "skolear", "fylkesnummer"),
        Index("ix_ot_linje_scope", "fylkesnummer", "skolear"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    skolear: Mapped[str] = mapped_column(String(8))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    otenhet: Mapped[str] = mapped_column(String(5))
    tilmeldingskode: Mapped[str] = mapped_column(String(5))
    undergrunn: Mapped[str | None] = mapped_column(String(20))
    otstatus: Mapped[str] = mapped_column(String(7))
    regel: Mapped[str] = mapped_column(String(4))
    regler: Mapped[list[str]]
    bevis: Mapped[dict[str, Any]]
    skjermet: Mapped[bool]
    opprettet_at: Mapped[datetime]
    opprettet_av: Mapped[str] = mapped_column(String(170))
    avsluttet_at: Mapped[datetime | None]
    avsluttet_grunn: Mapped[str | None] = mapped_column(String(80))


class OtHendelse(RegisterBase):
    """Something that happened to a line; `gjelder` is the day it counts from, `aktor` a run or a name."""

    __tablename__ = "ot_hendelse"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    linje_id: Mapped[int] = mapped_column(ForeignKey("ot_linje.id"), index=True)
    slag: Mapped[str] = mapped_column(String(1))
    gjelder: Mapped[date]
    at: Mapped[datetime]
    kilde: Mapped[str] = mapped_column(String(8))
    aktor: Mapped[str] = mapped_column(String(170))
    otstatus: Mapped[str | None] = mapped_column(String(7))
    tilmeldingskode: Mapped[str | None] = mapped_column(String(5))
    otenhet: Mapped[str | None] = mapped_column(String(5))
    grunn: Mapped[str | None] = mapped_column(Text)
    bevis: Mapped[dict[str, Any]] = mapped_column(default=dict)


class OtUtelatt(RegisterBase):
    """A candidate that the newest run of a category left out, at which gate, and why in a sentence."""

    __tablename__ = "ot_utelatt"
    __table_args__ = (
        UniqueConstraint("person_id", "skolear", "fylkesnummer", "kategori"),
        Index("ix_ot_utelatt_scope", "fylkesnummer", "skolear", "kategori"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    skolear: Mapped[str] = mapped_column(String(8))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    kategori: Mapped[str] = mapped_column(String(10))
    regel: Mapped[str] = mapped_column(String(4))
    regler: Mapped[list[str]]
    port: Mapped[str] = mapped_column(String(4))
    setning: Mapped[str] = mapped_column(Text)
    skjermet: Mapped[bool]
    run_id: Mapped[str] = mapped_column(String(170))


class OtPaVei(RegisterBase):
    """A candidate of a category's newest dry run, `port` None for whoever it would transfer.

    They are gone at the next run of the category: what a transfer does stands in lines and OtUtelatt.
    """

    __tablename__ = "ot_pa_vei"
    __table_args__ = (
        UniqueConstraint("person_id", "skolear", "fylkesnummer", "kategori"),
        Index("ix_ot_pa_vei_scope", "fylkesnummer", "skolear", "kategori"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    skolear: Mapped[str] = mapped_column(String(8))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    kategori: Mapped[str] = mapped_column(String(10))
    regel: Mapped[str] = mapped_column(String(4))
    port: Mapped[str | None] = mapped_column(String(4))
    setning: Mapped[str] = mapped_column(Text)
    skjermet: Mapped[bool]
    run_id: Mapped[str] = mapped_column(String(170))


class OtKjoring(RegisterBase):
    """The report of a transfer or a dry run (`torr`): counts per rule and gate, never a person."""

    __tablename__ = "ot_kjoring"
    __table_args__ = (Index("ix_ot_kjoring_scope", "fylkesnummer", "skolear"),)

    run_id: Mapped[str] = mapped_column(String(170), primary_key=True)
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    skolear: Mapped[str] = mapped_column(String(8))
    kategorier: Mapped[list[str]]
    per: Mapped[date]
    torr: Mapped[bool]
    tall: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class OtValg(RegisterBase):
    """A county's choice to transfer a category in a school year, on the dry run it has seen."""

    __tablename__ = "ot_valg"

    fylkesnummer: Mapped[str] = mapped_column(String(2), primary_key=True)
    skolear: Mapped[str] = mapped_column(String(8), primary_key=True)
    kategori: Mapped[str] = mapped_column(String(10), primary_key=True)
    kjoring: Mapped[str] = mapped_column(ForeignKey("ot_kjoring.run_id"))
    aktor: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
