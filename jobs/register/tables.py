"""The register's own tables: the schools, what was delivered, what it broke, what was sent on.

The people's data lie in modules of their own beside this one, under the Norwegian names of the
registration handbook. Each row of data knows the delivery, and the line in it, that gave it the
values it has now; that is a number without a constraint, since deliveries are never deleted and
checking it for each of millions of rows would cost more than writing them.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scheduler.columns import UtcDateTime, named_metadata

# SQLite numbers rows by itself only in a column declared INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class DeliveryState(StrEnum):
    """Where a received file stands: HELD waits for a person, SUPERSEDED has a newer one after it."""

    WAITING = "waiting"
    HELD = "held"
    REFUSED = "refused"
    LOADED = "loaded"
    SUPERSEDED = "superseded"


class RegisterBase(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


def table_of(model: type[RegisterBase]) -> Table:
    """The model's table."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - a fact of declarative mapping, for mypy
    return table


def natural_key(table: Table) -> tuple[str, ...]:
    """The columns of the table's one unique constraint."""
    (unique,) = (c for c in table.constraints if isinstance(c, UniqueConstraint))
    return tuple(column.name for column in unique.columns)


class School(RegisterBase):
    """A school of VIGO's school register (A06); `fra` and `til` are its first and last day."""

    __tablename__ = "school"

    skolenummer: Mapped[str] = mapped_column(String(5), primary_key=True)
    skolenavn: Mapped[str] = mapped_column(String(80))
    fylkesnummer: Mapped[str] = mapped_column(String(2), index=True)
    eierform: Mapped[str] = mapped_column(String(10))
    organisasjonsnummer: Mapped[str | None] = mapped_column(String(9))
    fra: Mapped[date | None]
    til: Mapped[date | None]


class Delivery(RegisterBase):
    """One received file; its content is known by `sha256` and kept at `archived_as`.

    `sender` is a county's number or "national". `skolear`, `rows` and `counts` are known when the
    file has been controlled; `rows` is the number of data lines in the file, `counts` what became
    of them.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("sha256", "sender", "deliverable"),
        Index("ix_delivery_of", "deliverable", "sender", "state"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(8))
    deliverable: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(120))
    archived_as: Mapped[str] = mapped_column(String(300))
    bytes: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.WAITING.value)
    skolear: Mapped[str | None] = mapped_column(String(8))
    rows: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    job: Mapped[str | None] = mapped_column(String(40))
    run_id: Mapped[str | None] = mapped_column(String(170))
    settled_at: Mapped[datetime | None]


class Violation(RegisterBase):
    """A broken control rule at a line of a delivery; the sentence holds no identity number."""

    __tablename__ = "violation"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    regel: Mapped[str] = mapped_column(String(20))
    alvor: Mapped[str] = mapped_column(String(5))
    linje: Mapped[int | None]
    linjetype: Mapped[str | None] = mapped_column(String(3))
    skolenummer: Mapped[str | None] = mapped_column(String(5))
    felt: Mapped[str | None] = mapped_column(String(40))
    forklaring: Mapped[str] = mapped_column(Text)


class ViolationCount(RegisterBase):
    """How many lines of a school broke a rule in a delivery; "" where the line names no school.

    Counted once, when the delivery is settled, so that a trend over years reads a few rows.
    """

    __tablename__ = "violation_count"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    regel: Mapped[str] = mapped_column(String(20), primary_key=True)
    skolenummer: Mapped[str] = mapped_column(String(5), primary_key=True)
    alvor: Mapped[str] = mapped_column(String(5))
    antall: Mapped[int]


class SchoolCount(RegisterBase):
    """How many lines of each kind a delivery held for a school, as loaded; `frame` names the kind."""

    __tablename__ = "school_count"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    skolenummer: Mapped[str] = mapped_column(String(5), primary_key=True)
    frame: Mapped[str] = mapped_column(String(20), primary_key=True)
    antall: Mapped[int]


class QuarantineOutcome(StrEnum):
    """What became of a line set aside: still open, mended by a newer file, wrong again, or gone."""

    OPEN = "open"
    MENDED = "mended"
    AGAIN = "again"
    GONE = "gone"


class Quarantine(RegisterBase):
    """A line set aside, as it was received. Personal data: never shown, never in a report.

    `eier` is what the line belongs to as the file says it (the identity number), so that a newer
    file can clear it; `settled_by` is the delivery that did.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        UniqueConstraint("delivery_id", "linje"),
        Index("ix_quarantine_open", "outcome", "eier"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    linje: Mapped[int]
    raw: Mapped[str] = mapped_column(Text)
    regler: Mapped[str] = mapped_column(Text)
    eier: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(6), default=QuarantineOutcome.OPEN.value)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))


class Outbound(RegisterBase):
    """A delivery to a receiver: the intent stands here before the effect, the receipt after it.

    `speaks_for` is what it is of, whichever deadline it answers; with the manifest, which holds
    counts and no people, it is what a later delivery of the same is held against.
    """

    __tablename__ = "outbound"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(170), unique=True)
    occurrence_key: Mapped[str] = mapped_column(String(160), index=True)
    run_id: Mapped[str] = mapped_column(String(170))
    receiver: Mapped[str] = mapped_column(String(80))
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    speaks_for: Mapped[str] = mapped_column(String(120), default="", server_default="", index=True)
    intended_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any]] = mapped_column(default=dict)
