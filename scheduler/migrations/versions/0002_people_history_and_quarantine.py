"""People, history and quarantine"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bedrift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("organisasjonsnummer", sa.String(length=9), nullable=False),
        sa.Column("navn", sa.String(length=120), nullable=True),
        sa.Column("kommunenummer", sa.String(length=4), nullable=True),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("opphort_dato", sa.Date(), nullable=True),
        sa.Column("medlem_av", sa.String(length=9), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bedrift")),
        sa.UniqueConstraint(
            "fylkesnummer",
            "organisasjonsnummer",
            name=op.f("uq_bedrift_fylkesnummer_organisasjonsnummer"),
        ),
    )
    op.create_table(
        "bedrift_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("organisasjonsnummer", sa.String(length=9), nullable=False),
        sa.Column("navn", sa.String(length=120), nullable=True),
        sa.Column("kommunenummer", sa.String(length=4), nullable=True),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("opphort_dato", sa.Date(), nullable=True),
        sa.Column("medlem_av", sa.String(length=9), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_bedrift_historikk")),
    )
    with op.batch_alter_table("bedrift_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bedrift_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "bedriftsfag_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bedrift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("programomradekode", sa.String(length=10), nullable=False),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("opphort_dato", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_bedriftsfag_historikk")),
    )
    with op.batch_alter_table("bedriftsfag_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bedriftsfag_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "elevkurs_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
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
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_elevkurs_historikk")),
    )
    with op.batch_alter_table("elevkurs_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_elevkurs_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "faglinje_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
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
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_faglinje_historikk")),
    )
    with op.batch_alter_table("faglinje_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_faglinje_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "kompetanse_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("kompetanse", sa.String(length=2), nullable=False),
        sa.Column("oppnadd_dato", sa.Date(), nullable=True),
        sa.Column("grunnlag", sa.String(length=10), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_kompetanse_historikk")),
    )
    with op.batch_alter_table("kompetanse_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kompetanse_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "kontrakt_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("kontraktsnummer", sa.String(length=12), nullable=False),
        sa.Column("hjemstedsfylke", sa.String(length=2), nullable=True),
        sa.Column("programomradekode", sa.String(length=10), nullable=True),
        sa.Column("bedrift", sa.String(length=9), nullable=True),
        sa.Column("opplaringskontor", sa.String(length=9), nullable=True),
        sa.Column("kontraktstype", sa.String(length=1), nullable=True),
        sa.Column("laretid_fra", sa.Date(), nullable=True),
        sa.Column("laretid_til", sa.Date(), nullable=True),
        sa.Column("netto_laretid", sa.Integer(), nullable=True),
        sa.Column("netto_opplaringstid", sa.Integer(), nullable=True),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("avbrudd_fra", sa.Date(), nullable=True),
        sa.Column("avbrudd_til", sa.Date(), nullable=True),
        sa.Column("avsluttet_dato", sa.Date(), nullable=True),
        sa.Column("hevet_av", sa.String(length=1), nullable=True),
        sa.Column("avslutningskode", sa.String(length=2), nullable=True),
        sa.Column("ny_larling", sa.String(length=1), nullable=True),
        sa.Column("taf_ysk", sa.String(length=1), nullable=True),
        sa.Column("rekvalifisering", sa.String(length=1), nullable=True),
        sa.Column("mer_opplaring", sa.Integer(), nullable=True),
        sa.Column("faglig_leder", sa.String(length=1), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_kontrakt_historikk")),
    )
    with op.batch_alter_table("kontrakt_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kontrakt_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "onske_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("soker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("onskenummer", sa.Integer(), nullable=False),
        sa.Column("onsketype", sa.String(length=1), nullable=True),
        sa.Column("skolenummer", sa.String(length=5), nullable=True),
        sa.Column("programomradekode", sa.String(length=10), nullable=True),
        sa.Column("behandlingskategori", sa.String(length=2), nullable=True),
        sa.Column("statuskode", sa.String(length=2), nullable=True),
        sa.Column("statusdato", sa.Date(), nullable=True),
        sa.Column("svar", sa.String(length=3), nullable=True),
        sa.Column("inntaksrunde", sa.Integer(), nullable=True),
        sa.Column("ventelistenummer", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_onske_historikk")),
    )
    with op.batch_alter_table("onske_historikk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_onske_historikk_ended_by"), ["ended_by"], unique=False)

    op.create_table(
        "opplaringskontor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("organisasjonsnummer", sa.String(length=9), nullable=False),
        sa.Column("navn", sa.String(length=120), nullable=True),
        sa.Column("kontortype", sa.String(length=1), nullable=True),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("opphort_dato", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opplaringskontor")),
        sa.UniqueConstraint(
            "fylkesnummer",
            "organisasjonsnummer",
            name=op.f("uq_opplaringskontor_fylkesnummer_organisasjonsnummer"),
        ),
    )
    op.create_table(
        "opplaringskontor_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("organisasjonsnummer", sa.String(length=9), nullable=False),
        sa.Column("navn", sa.String(length=120), nullable=True),
        sa.Column("kontortype", sa.String(length=1), nullable=True),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("opphort_dato", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_opplaringskontor_historikk")),
    )
    with op.batch_alter_table("opplaringskontor_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_opplaringskontor_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "person_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fodselsnummer", sa.String(length=11), nullable=False),
        sa.Column("navn", sa.String(length=120), nullable=True),
        sa.Column("adresse", sa.String(length=120), nullable=True),
        sa.Column("postnummer", sa.String(length=4), nullable=True),
        sa.Column("kommunenummer", sa.String(length=4), nullable=True),
        sa.Column("morsmal", sa.String(length=10), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_person_historikk")),
    )
    with op.batch_alter_table("person_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "prove_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("programomradekode", sa.String(length=10), nullable=False),
        sa.Column("provetype", sa.String(length=1), nullable=False),
        sa.Column("provenummer", sa.Integer(), nullable=False),
        sa.Column("provekandidattype", sa.String(length=1), nullable=True),
        sa.Column("provestatus", sa.String(length=1), nullable=True),
        sa.Column("provedato", sa.Date(), nullable=True),
        sa.Column("proveresultat", sa.String(length=2), nullable=True),
        sa.Column("kontraktsnummer", sa.String(length=12), nullable=True),
        sa.Column("bedrift", sa.String(length=9), nullable=True),
        sa.Column("bevistype", sa.String(length=2), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_prove_historikk")),
    )
    with op.batch_alter_table("prove_historikk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prove_historikk_ended_by"), ["ended_by"], unique=False)

    op.create_table(
        "soker_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sokerar", sa.String(length=4), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("sokergruppe", sa.String(length=2), nullable=True),
        sa.Column("rettstype", sa.String(length=1), nullable=True),
        sa.Column("avgiverskole", sa.String(length=5), nullable=True),
        sa.Column("poengsum", sa.Integer(), nullable=True),
        sa.Column("soknadsfrist", sa.String(length=4), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_soker_historikk")),
    )
    with op.batch_alter_table("soker_historikk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_soker_historikk_ended_by"), ["ended_by"], unique=False)

    op.create_table(
        "voksensoknad_historikk",
        sa.Column(
            "historikk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("soknadsnummer", sa.String(length=12), nullable=False),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("soknadsdato", sa.Date(), nullable=True),
        sa.Column("sluttkompetanse", sa.String(length=2), nullable=True),
        sa.Column("programomradekode", sa.String(length=10), nullable=True),
        sa.Column("rettsvedtak", sa.String(length=2), nullable=True),
        sa.Column("rettsvedtak_dato", sa.Date(), nullable=True),
        sa.Column("rkv_vedtak_dato", sa.Date(), nullable=True),
        sa.Column("inntaksvedtak", sa.String(length=2), nullable=True),
        sa.Column("inntaksvedtak_dato", sa.Date(), nullable=True),
        sa.Column("skolenummer", sa.String(length=5), nullable=True),
        sa.Column("oppstartsdato", sa.Date(), nullable=True),
        sa.Column("sluttdato", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("historikk_id", name=op.f("pk_voksensoknad_historikk")),
    )
    with op.batch_alter_table("voksensoknad_historikk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_voksensoknad_historikk_ended_by"), ["ended_by"], unique=False
        )

    op.create_table(
        "bedriftsfag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bedrift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("programomradekode", sa.String(length=10), nullable=False),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("opphort_dato", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bedrift_id"], ["bedrift.id"], name=op.f("fk_bedriftsfag_bedrift_id_bedrift")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bedriftsfag")),
        sa.UniqueConstraint(
            "bedrift_id",
            "programomradekode",
            name=op.f("uq_bedriftsfag_bedrift_id_programomradekode"),
        ),
    )
    op.create_table(
        "kompetanse",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("kompetanse", sa.String(length=2), nullable=False),
        sa.Column("oppnadd_dato", sa.Date(), nullable=True),
        sa.Column("grunnlag", sa.String(length=10), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_kompetanse_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kompetanse")),
        sa.UniqueConstraint(
            "person_id", "kompetanse", name=op.f("uq_kompetanse_person_id_kompetanse")
        ),
    )
    with op.batch_alter_table("kompetanse", schema=None) as batch_op:
        batch_op.create_index("ix_kompetanse_scope", ["fylkesnummer"], unique=False)

    op.create_table(
        "kontrakt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("kontraktsnummer", sa.String(length=12), nullable=False),
        sa.Column("hjemstedsfylke", sa.String(length=2), nullable=True),
        sa.Column("programomradekode", sa.String(length=10), nullable=True),
        sa.Column("bedrift", sa.String(length=9), nullable=True),
        sa.Column("opplaringskontor", sa.String(length=9), nullable=True),
        sa.Column("kontraktstype", sa.String(length=1), nullable=True),
        sa.Column("laretid_fra", sa.Date(), nullable=True),
        sa.Column("laretid_til", sa.Date(), nullable=True),
        sa.Column("netto_laretid", sa.Integer(), nullable=True),
        sa.Column("netto_opplaringstid", sa.Integer(), nullable=True),
        sa.Column("godkjent_dato", sa.Date(), nullable=True),
        sa.Column("avbrudd_fra", sa.Date(), nullable=True),
        sa.Column("avbrudd_til", sa.Date(), nullable=True),
        sa.Column("avsluttet_dato", sa.Date(), nullable=True),
        sa.Column("hevet_av", sa.String(length=1), nullable=True),
        sa.Column("avslutningskode", sa.String(length=2), nullable=True),
        sa.Column("ny_larling", sa.String(length=1), nullable=True),
        sa.Column("taf_ysk", sa.String(length=1), nullable=True),
        sa.Column("rekvalifisering", sa.String(length=1), nullable=True),
        sa.Column("mer_opplaring", sa.Integer(), nullable=True),
        sa.Column("faglig_leder", sa.String(length=1), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_kontrakt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kontrakt")),
        sa.UniqueConstraint(
            "fylkesnummer", "kontraktsnummer", name=op.f("uq_kontrakt_fylkesnummer_kontraktsnummer")
        ),
    )
    with op.batch_alter_table("kontrakt", schema=None) as batch_op:
        batch_op.create_index("ix_kontrakt_person", ["person_id"], unique=False)

    op.create_table(
        "person_merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_person_merge_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "person_number",
        sa.Column("fodselsnummer", sa.String(length=11), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fra", sa.Date(), nullable=True),
        sa.Column("til", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_number_person_id_person")
        ),
        sa.PrimaryKeyConstraint("fodselsnummer", name=op.f("pk_person_number")),
    )
    with op.batch_alter_table("person_number", schema=None) as batch_op:
        batch_op.create_index("ix_person_number_person", ["person_id"], unique=False)

    op.create_table(
        "prove",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("programomradekode", sa.String(length=10), nullable=False),
        sa.Column("provetype", sa.String(length=1), nullable=False),
        sa.Column("provenummer", sa.Integer(), nullable=False),
        sa.Column("provekandidattype", sa.String(length=1), nullable=True),
        sa.Column("provestatus", sa.String(length=1), nullable=True),
        sa.Column("provedato", sa.Date(), nullable=True),
        sa.Column("proveresultat", sa.String(length=2), nullable=True),
        sa.Column("kontraktsnummer", sa.String(length=12), nullable=True),
        sa.Column("bedrift", sa.String(length=9), nullable=True),
        sa.Column("bevistype", sa.String(length=2), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_prove_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prove")),
        sa.UniqueConstraint(
            "person_id",
            "programomradekode",
            "provetype",
            "provenummer",
            name=op.f("uq_prove_person_id_programomradekode_provetype_provenummer"),
        ),
    )
    with op.batch_alter_table("prove", schema=None) as batch_op:
        batch_op.create_index("ix_prove_scope", ["fylkesnummer"], unique=False)

    op.create_table(
        "school_count",
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("skolenummer", sa.String(length=5), nullable=False),
        sa.Column("frame", sa.String(length=20), nullable=False),
        sa.Column("antall", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_school_count_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint(
            "delivery_id", "skolenummer", "frame", name=op.f("pk_school_count")
        ),
    )
    op.create_table(
        "soker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sokerar", sa.String(length=4), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("sokergruppe", sa.String(length=2), nullable=True),
        sa.Column("rettstype", sa.String(length=1), nullable=True),
        sa.Column("avgiverskole", sa.String(length=5), nullable=True),
        sa.Column("poengsum", sa.Integer(), nullable=True),
        sa.Column("soknadsfrist", sa.String(length=4), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_soker_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_soker")),
        sa.UniqueConstraint(
            "person_id",
            "sokerar",
            "fylkesnummer",
            name=op.f("uq_soker_person_id_sokerar_fylkesnummer"),
        ),
    )
    with op.batch_alter_table("soker", schema=None) as batch_op:
        batch_op.create_index("ix_soker_scope", ["fylkesnummer", "sokerar"], unique=False)

    op.create_table(
        "violation_count",
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("regel", sa.String(length=20), nullable=False),
        sa.Column("skolenummer", sa.String(length=5), nullable=False),
        sa.Column("alvor", sa.String(length=5), nullable=False),
        sa.Column("antall", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_violation_count_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint(
            "delivery_id", "regel", "skolenummer", name=op.f("pk_violation_count")
        ),
    )
    op.create_table(
        "voksensoknad",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("soknadsnummer", sa.String(length=12), nullable=False),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("soknadsdato", sa.Date(), nullable=True),
        sa.Column("sluttkompetanse", sa.String(length=2), nullable=True),
        sa.Column("programomradekode", sa.String(length=10), nullable=True),
        sa.Column("rettsvedtak", sa.String(length=2), nullable=True),
        sa.Column("rettsvedtak_dato", sa.Date(), nullable=True),
        sa.Column("rkv_vedtak_dato", sa.Date(), nullable=True),
        sa.Column("inntaksvedtak", sa.String(length=2), nullable=True),
        sa.Column("inntaksvedtak_dato", sa.Date(), nullable=True),
        sa.Column("skolenummer", sa.String(length=5), nullable=True),
        sa.Column("oppstartsdato", sa.Date(), nullable=True),
        sa.Column("sluttdato", sa.Date(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_voksensoknad_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voksensoknad")),
        sa.UniqueConstraint(
            "person_id",
            "fylkesnummer",
            "soknadsnummer",
            name=op.f("uq_voksensoknad_person_id_fylkesnummer_soknadsnummer"),
        ),
    )
    with op.batch_alter_table("voksensoknad", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_voksensoknad_fylkesnummer"), ["fylkesnummer"], unique=False
        )

    op.create_table(
        "onske",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("soker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("onskenummer", sa.Integer(), nullable=False),
        sa.Column("onsketype", sa.String(length=1), nullable=True),
        sa.Column("skolenummer", sa.String(length=5), nullable=True),
        sa.Column("programomradekode", sa.String(length=10), nullable=True),
        sa.Column("behandlingskategori", sa.String(length=2), nullable=True),
        sa.Column("statuskode", sa.String(length=2), nullable=True),
        sa.Column("statusdato", sa.Date(), nullable=True),
        sa.Column("svar", sa.String(length=3), nullable=True),
        sa.Column("inntaksrunde", sa.Integer(), nullable=True),
        sa.Column("ventelistenummer", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["soker_id"], ["soker.id"], name=op.f("fk_onske_soker_id_soker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onske")),
        sa.UniqueConstraint("soker_id", "onskenummer", name=op.f("uq_onske_soker_id_onskenummer")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("job", sa.String(length=40), nullable=True))
        batch_op.alter_column(
            "sender",
            existing_type=sa.VARCHAR(length=2),
            type_=sa.String(length=8),
            existing_nullable=False,
        )

    with op.batch_alter_table("elevkurs", schema=None) as batch_op:
        batch_op.alter_column(
            "delivery_id",
            existing_type=sa.INTEGER(),
            type_=sa.BigInteger(),
            existing_nullable=False,
        )
        batch_op.drop_constraint(batch_op.f("fk_elevkurs_delivery_id_delivery"), type_="foreignkey")

    with op.batch_alter_table("faglinje", schema=None) as batch_op:
        batch_op.alter_column(
            "delivery_id",
            existing_type=sa.INTEGER(),
            type_=sa.BigInteger(),
            existing_nullable=False,
        )
        batch_op.drop_constraint(batch_op.f("fk_faglinje_delivery_id_delivery"), type_="foreignkey")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column(
            "delivery_id",
            existing_type=sa.INTEGER(),
            type_=sa.BigInteger(),
            existing_nullable=False,
        )
        batch_op.drop_constraint(batch_op.f("fk_person_delivery_id_delivery"), type_="foreignkey")

    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.add_column(sa.Column("eier", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column("outcome", sa.String(length=6), nullable=False, server_default="open")
        )
        batch_op.add_column(
            sa.Column(
                "settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index("ix_quarantine_open", ["outcome", "eier"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_quarantine_settled_by_delivery"), "delivery", ["settled_by"], ["id"]
        )

    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("eierform", sa.String(length=10), nullable=False, server_default="offentlig")
        )
        batch_op.add_column(sa.Column("organisasjonsnummer", sa.String(length=9), nullable=True))
        batch_op.add_column(sa.Column("fra", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("til", sa.Date(), nullable=True))

    # Every number known so far is its person's number in use.
    op.execute(
        "INSERT INTO person_number (fodselsnummer, person_id, delivery_id) "
        "SELECT fodselsnummer, id, delivery_id FROM person"
    )


def downgrade() -> None:
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_column("til")
        batch_op.drop_column("fra")
        batch_op.drop_column("organisasjonsnummer")
        batch_op.drop_column("eierform")

    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_quarantine_settled_by_delivery"), type_="foreignkey"
        )
        batch_op.drop_index("ix_quarantine_open")
        batch_op.drop_column("settled_by")
        batch_op.drop_column("outcome")
        batch_op.drop_column("eier")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_person_delivery_id_delivery"), "delivery", ["delivery_id"], ["id"]
        )
        batch_op.alter_column(
            "delivery_id",
            existing_type=sa.BigInteger(),
            type_=sa.INTEGER(),
            existing_nullable=False,
        )

    with op.batch_alter_table("faglinje", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_faglinje_delivery_id_delivery"), "delivery", ["delivery_id"], ["id"]
        )
        batch_op.alter_column(
            "delivery_id",
            existing_type=sa.BigInteger(),
            type_=sa.INTEGER(),
            existing_nullable=False,
        )

    with op.batch_alter_table("elevkurs", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_elevkurs_delivery_id_delivery"), "delivery", ["delivery_id"], ["id"]
        )
        batch_op.alter_column(
            "delivery_id",
            existing_type=sa.BigInteger(),
            type_=sa.INTEGER(),
            existing_nullable=False,
        )

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column(
            "sender",
            existing_type=sa.String(length=8),
            type_=sa.VARCHAR(length=2),
            existing_nullable=False,
        )
        batch_op.drop_column("job")

    op.drop_table("onske")
    with op.batch_alter_table("voksensoknad", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voksensoknad_fylkesnummer"))

    op.drop_table("voksensoknad")
    op.drop_table("violation_count")
    with op.batch_alter_table("soker", schema=None) as batch_op:
        batch_op.drop_index("ix_soker_scope")

    op.drop_table("soker")
    op.drop_table("school_count")
    with op.batch_alter_table("prove", schema=None) as batch_op:
        batch_op.drop_index("ix_prove_scope")

    op.drop_table("prove")
    with op.batch_alter_table("person_number", schema=None) as batch_op:
        batch_op.drop_index("ix_person_number_person")

    op.drop_table("person_number")
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merge_kept_id"))

    op.drop_table("person_merge")
    with op.batch_alter_table("kontrakt", schema=None) as batch_op:
        batch_op.drop_index("ix_kontrakt_person")

    op.drop_table("kontrakt")
    with op.batch_alter_table("kompetanse", schema=None) as batch_op:
        batch_op.drop_index("ix_kompetanse_scope")

    op.drop_table("kompetanse")
    op.drop_table("bedriftsfag")
    with op.batch_alter_table("voksensoknad_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voksensoknad_historikk_ended_by"))

    op.drop_table("voksensoknad_historikk")
    with op.batch_alter_table("soker_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_soker_historikk_ended_by"))

    op.drop_table("soker_historikk")
    with op.batch_alter_table("prove_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prove_historikk_ended_by"))

    op.drop_table("prove_historikk")
    with op.batch_alter_table("person_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_historikk_ended_by"))

    op.drop_table("person_historikk")
    with op.batch_alter_table("opplaringskontor_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opplaringskontor_historikk_ended_by"))

    op.drop_table("opplaringskontor_historikk")
    op.drop_table("opplaringskontor")
    with op.batch_alter_table("onske_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_onske_historikk_ended_by"))

    op.drop_table("onske_historikk")
    with op.batch_alter_table("kontrakt_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kontrakt_historikk_ended_by"))

    op.drop_table("kontrakt_historikk")
    with op.batch_alter_table("kompetanse_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kompetanse_historikk_ended_by"))

    op.drop_table("kompetanse_historikk")
    with op.batch_alter_table("faglinje_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faglinje_historikk_ended_by"))

    op.drop_table("faglinje_historikk")
    with op.batch_alter_table("elevkurs_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_elevkurs_historikk_ended_by"))

    op.drop_table("elevkurs_historikk")
    with op.batch_alter_table("bedriftsfag_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bedriftsfag_historikk_ended_by"))

    op.drop_table("bedriftsfag_historikk")
    with op.batch_alter_table("bedrift_historikk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bedrift_historikk_ended_by"))

    op.drop_table("bedrift_historikk")
    op.drop_table("bedrift")
