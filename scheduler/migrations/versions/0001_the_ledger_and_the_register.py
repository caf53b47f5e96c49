"""The ledger and the register"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_api_key")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.String(length=9), nullable=False),
        sa.Column("dates_sha256", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            "cycle", "dates_sha256", "actor", name=op.f("uq_approval_cycle_dates_sha256_actor")
        ),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_cycle"), ["cycle"], unique=False)

    op.create_table(
        "calendar_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("in_use_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_calendar_version")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=120), nullable=False),
        sa.Column("singles", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("test_code", sa.String(length=8), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "scope",
            "role",
            "level",
            "channel",
            "address",
            name=op.f("uq_contact_scope_role_level_channel_address"),
        ),
        sa.UniqueConstraint("token", name=op.f("uq_contact_token")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_scope"), ["scope"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_occurrence_key"), ["occurrence_key"], unique=False
        )

    op.create_table(
        "feed_token",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_feed_token")),
    )
    op.create_table(
        "node",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tick_seconds", sa.Double(), nullable=False),
        sa.Column("calendar_fault", sa.Text(), nullable=False),
        sa.Column("feed_fault", sa.Text(), nullable=False),
        sa.Column("calendar_waiting", sa.Text(), nullable=False),
        sa.Column("cycle_waiting", sa.Text(), nullable=False),
        sa.Column("notify_fault", sa.Text(), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_node")),
    )
    op.create_table(
        "occurrence",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("deliverable", sa.String(length=80), nullable=False),
        sa.Column("cycle", sa.String(length=9), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("nominal", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=True),
        sa.Column("opens", sa.Date(), nullable=True),
        sa.Column("clock_time", sa.String(length=5), nullable=False),
        sa.Column("date_status", sa.String(length=10), nullable=False),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_when_settled", sa.Date(), nullable=True),
        sa.Column("clock_when_settled", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "deliverable",
            "cycle",
            "stage",
            "scope",
            name=op.f("uq_occurrence_deliverable_cycle_stage_scope"),
        ),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrence_cycle"), ["cycle"], unique=False)

    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["occurrence_key"], ["occurrence.key"], name=op.f("fk_change_occurrence_key_occurrence")
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["calendar_version.number"],
            name=op.f("fk_change_version_calendar_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_change_occurrence_key"), ["occurrence_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_change_version"), ["version"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=240), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("thread", sa.String(length=240), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_next_try_at"), ["next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_thread"), ["thread"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["calendar_version.number"],
            name=op.f("fk_notice_version_calendar_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("token", name=op.f("uq_notice_token")),
        sa.UniqueConstraint("version", "scope", "role", name=op.f("uq_notice_version_scope_role")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_version"), ["version"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.String(length=170), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_key"], ["occurrence.key"], name=op.f("fk_run_occurrence_key_occurrence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("occurrence_key", "number", name=op.f("uq_run_occurrence_key_number")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_occurrence_key"), ["occurrence_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_run_state"), ["state"], unique=False)

    op.create_table(
        "silence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_key"],
            ["occurrence.key"],
            name=op.f("fk_silence_occurrence_key_occurrence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    with op.batch_alter_table("silence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_silence_occurrence_key"), ["occurrence_key"], unique=False
        )

    op.create_table(
        "receipt",
        sa.Column("run_id", sa.String(length=170), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_key"],
            ["occurrence.key"],
            name=op.f("fk_receipt_occurrence_key_occurrence"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_receipt_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_receipt")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_receipt_occurrence_key"), ["occurrence_key"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=2), nullable=False),
        sa.Column("deliverable", sa.String(length=80), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("archived_as", sa.String(length=300), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("skolear", sa.String(length=8), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.String(length=170), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "sha256", "sender", "deliverable", name=op.f("uq_delivery_sha256_sender_deliverable")
        ),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_of", ["deliverable", "sender", "state"], unique=False)

    op.create_table(
        "outbound",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idempotency_key", sa.String(length=170), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=False),
        sa.Column("run_id", sa.String(length=170), nullable=False),
        sa.Column("receiver", sa.String(length=80), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbound_idempotency_key")),
    )
    with op.batch_alter_table("outbound", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbound_occurrence_key"), ["occurrence_key"], unique=False
        )

    op.create_table(
        "school",
        sa.Column("skolenummer", sa.String(length=5), nullable=False),
        sa.Column("skolenavn", sa.String(length=80), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("skolenummer", name=op.f("pk_school")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_fylkesnummer"), ["fylkesnummer"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fodselsnummer", sa.String(length=11), nullable=False),
        sa.Column("navn", sa.String(length=120), nullable=True),
        sa.Column("adresse", sa.String(length=120), nullable=True),
        sa.Column("postnummer", sa.String(length=4), nullable=True),
        sa.Column("kommunenummer", sa.String(length=4), nullable=True),
        sa.Column("morsmal", sa.String(length=10), nullable=True),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_person_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("fodselsnummer", name=op.f("uq_person_fodselsnummer")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("regler", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_quarantine_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("delivery_id", "linje", name=op.f("uq_quarantine_delivery_id_linje")),
    )
    op.create_table(
        "violation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("regel", sa.String(length=20), nullable=False),
        sa.Column("alvor", sa.String(length=5), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=True),
        sa.Column("linjetype", sa.String(length=3), nullable=True),
        sa.Column("skolenummer", sa.String(length=5), nullable=True),
        sa.Column("felt", sa.String(length=40), nullable=True),
        sa.Column("forklaring", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_violation_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violation")),
    )
    with op.batch_alter_table("violation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_violation_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "elevkurs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("skolenummer", sa.String(length=5), nullable=False),
        sa.Column("programomradekode", sa.String(length=10), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("klasse", sa.String(length=20), nullable=True),
        sa.Column("startdato", sa.Date(), nullable=True),
        sa.Column("avbruddsdato", sa.Date(), nullable=True),
        sa.Column("avbruddsarsak", sa.String(length=2), nullable=True),
        sa.Column("fullfortkode", sa.String(length=1), nullable=True),
        sa.Column("fravar_dager", sa.Integer(), nullable=True),
        sa.Column("fravar_timer", sa.Integer(), nullable=True),
        sa.Column("rettstype", sa.String(length=1), nullable=True),
        sa.Column("voksen", sa.String(length=1), nullable=True),
        sa.Column("malform", sa.String(length=1), nullable=True),
        sa.Column("sersprak", sa.String(length=1), nullable=True),
        sa.Column("elevstatus", sa.String(length=1), nullable=True),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_elevkurs_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_elevkurs_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["skolenummer"], ["school.skolenummer"], name=op.f("fk_elevkurs_skolenummer_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elevkurs")),
        sa.UniqueConstraint(
            "person_id",
            "skolear",
            "skolenummer",
            "programomradekode",
            name=op.f("uq_elevkurs_person_id_skolear_skolenummer_programomradekode"),
        ),
    )
    with op.batch_alter_table("elevkurs", schema=None) as batch_op:
        batch_op.create_index("ix_elevkurs_scope", ["fylkesnummer", "skolear"], unique=False)

    op.create_table(
        "faglinje",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "elevkurs_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fagkode", sa.String(length=7), nullable=False),
        sa.Column("eksamenstermin", sa.String(length=2), nullable=False),
        sa.Column("termin1", sa.String(length=2), nullable=True),
        sa.Column("termin2", sa.String(length=2), nullable=True),
        sa.Column("standpunkt", sa.String(length=2), nullable=True),
        sa.Column("skriftlig", sa.String(length=2), nullable=True),
        sa.Column("muntlig", sa.String(length=2), nullable=True),
        sa.Column("annen", sa.String(length=2), nullable=True),
        sa.Column("eksamensform", sa.String(length=2), nullable=True),
        sa.Column("fagstatus", sa.String(length=1), nullable=True),
        sa.Column("startdato", sa.Date(), nullable=True),
        sa.Column("avbruddsdato", sa.Date(), nullable=True),
        sa.Column("timer", sa.Integer(), nullable=True),
        sa.Column("fagmerknad", sa.String(length=5), nullable=True),
        sa.Column("rkv_dato", sa.Date(), nullable=True),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_faglinje_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["elevkurs_id"], ["elevkurs.id"], name=op.f("fk_faglinje_elevkurs_id_elevkurs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faglinje")),
        sa.UniqueConstraint(
            "elevkurs_id",
            "fagkode",
            "eksamenstermin",
            name=op.f("uq_faglinje_elevkurs_id_fagkode_eksamenstermin"),
        ),
    )
