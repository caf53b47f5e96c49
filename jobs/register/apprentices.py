"""Apprentices: training firms and offices, contracts, and the tests taken."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobs.register.history import keep_history
from jobs.register.people import Person
from jobs.register.tables import RegisterBase, RowId


class Bedrift(RegisterBase):
    """A training firm that a county has approved; `medlem_av` is its training office."""

    __tablename__ = "bedrift"
    __table_args__ = (UniqueConstraint("fylkesnummer", "organisasjonsnummer"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    organisasjonsnummer: Mapped[str] = mapped_column(String(9))
    navn: Mapped[str | None] = mapped_column(String(120))
    kommunenummer: Mapped[str | None] = mapped_column(String(4))
    godkjent_dato: Mapped[date | None]
    opphort_dato: Mapped[date | None]
    medlem_av: Mapped[str | None] = mapped_column(String(9))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Bedriftsfag(RegisterBase):
    """A trade that a firm is approved for."""

    __tablename__ = "bedriftsfag"
    __table_args__ = (UniqueConstraint("bedrift_id", "programomradekode"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    bedrift_id: Mapped[int] = mapped_column(ForeignKey("bedrift.id"))
    programomradekode: Mapped[str] = mapped_column(String(10))
    godkjent_dato: Mapped[date | None]
    opphort_dato: Mapped[date | None]
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Opplaringskontor(RegisterBase):
    """A training office or a body of cooperation that a county has approved."""

    __tablename__ = "opplaringskontor"
    __table_args__ = (UniqueConstraint("fylkesnummer", "organisasjonsnummer"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    organisasjonsnummer: Mapped[str] = mapped_column(String(9))
    navn: Mapped[str | None] = mapped_column(String(120))
    kontortype: Mapped[str | None] = mapped_column(String(1))
    godkjent_dato: Mapped[date | None]
    opphort_dato: Mapped[date | None]
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Kontrakt(RegisterBase):
    """A contract of apprenticeship or training; periods are in months."""

    __tablename__ = "kontrakt"
    __table_args__ = (
        # With the person: two people under one number is a fault to be told, not a row to be lost.
        UniqueConstraint("person_id", "fylkesnummer", "kontraktsnummer"),
        Index("ix_kontrakt_scope", "fylkesnummer"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    kontraktsnummer: Mapped[str] = mapped_column(String(12))
    hjemstedsfylke: Mapped[str | None] = mapped_column(String(2))
    programomradekode: Mapped[str | None] = mapped_column(String(10))
    bedrift: Mapped[str | None] = mapped_column(String(9))
    opplaringskontor: Mapped[str | None] = mapped_column(String(9))
    kontraktstype: Mapped[str | None] = mapped_column(String(1))
    laretid_fra: Mapped[date | None]
    laretid_til: Mapped[date | None]
    netto_laretid: Mapped[int | None]
    netto_opplaringstid: Mapped[int | None]
    godkjent_dato: Mapped[date | None]
    avbrudd_fra: Mapped[date | None]
    avbrudd_til: Mapped[date | None]
    avsluttet_dato: Mapped[date | None]
    hevet_av: Mapped[str | None] = mapped_column(String(1))
    avslutningskode: Mapped[str | None] = mapped_column(String(2))
    ny_larling: Mapped[str | None] = mapped_column(String(1))
    taf_ysk: Mapped[str | None] = mapped_column(String(1))
    rekvalifisering: Mapped[str | None] = mapped_column(String(1))
    mer_opplaring: Mapped[int | None]
    faglig_leder: Mapped[str | None] = mapped_column(String(1))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


class Prove(RegisterBase):
    """A test taken or planned: a trade's, a journeyman's, a competence or a practice one."""

    __tablename__ = "prove"
    __table_args__ = (
        UniqueConstraint("person_id", "programomradekode", "provetype", "provenummer"),
        Index("ix_prove_scope", "fylkesnummer"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    fylkesnummer: Mapped[str] = mapped_column(String(2))
    programomradekode: Mapped[str] = mapped_column(String(10))
    provetype: Mapped[str] = mapped_column(String(1))
    provenummer: Mapped[int]
    provekandidattype: Mapped[str | None] = mapped_column(String(1))
    provestatus: Mapped[str | None] = mapped_column(String(1))
    provedato: Mapped[date | None]
    proveresultat: Mapped[str | None] = mapped_column(String(2))
    kontraktsnummer: Mapped[str | None] = mapped_column(String(12))
    bedrift: Mapped[str | None] = mapped_column(String(9))
    bevistype: Mapped[str | None] = mapped_column(String(2))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    linje: Mapped[int]


HISTORIES = tuple(
    keep_history(model) for model in (Bedrift, Bedriftsfag, Opplaringskontor, Kontrakt, Prove)
)
