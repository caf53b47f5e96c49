"""Contracts running, tests taken, firms and offices approved, as they stand on a count's day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, not_, or_, select

from jobs.register.apprentices import Bedrift, Bedriftsfag, Kontrakt, Opplaringskontor, Prove
from jobs.register.people import Person
from jobs.statistics.selection.count import Count, Rows, happened, home_county

CARRIED_OUT = "G"


def contracts(count: Count) -> Rows:
    """The rows of ssbKontrakt; what ended or was interrupted after the day is not told."""
    kontrakt, person = count.of(Kontrakt), count.of(Person)
    day, columns = count.telledato, kontrakt.c
    home = func.coalesce(columns.hjemstedsfylke, home_county(person.c.kommunenummer))
    plain = ("kontraktsnummer", "programomradekode", "bedrift", "opplaringskontor")
    period = ("laretid_fra", "laretid_til", "netto_laretid", "netto_opplaringstid")
    return (
        select(
            columns.fylkesnummer.label("avgiverfylke"),
            literal(day).label("uttrekksdato"),
            literal(day).label("telledato"),
            home.label("hjemstedsfylke"),
            person.c.fodselsnummer,
            *(columns[name] for name in (*plain, "kontraktstype", *period, "godkjent_dato")),
            *(
                happened(columns.avbrudd_fra, day, columns[name]).label(name)
                for name in ("avbrudd_fra", "avbrudd_til")
            ),
            *(
                happened(columns.avsluttet_dato, day, columns[name]).label(name)
                for name in ("avsluttet_dato", "hevet_av", "avslutningskode")
            ),
            *(columns[n] for n in ("ny_larling", "taf_ysk", "rekvalifisering", "mer_opplaring")),
            columns.linje,
            columns.delivery_id,
        )
        .join_from(kontrakt, person, person.c.id == columns.person_id)
        .where(columns.fylkesnummer == count.fylkesnummer, running(count, kontrakt))
    )


def running(count: Count, kontrakt: Subquery) -> ColumnElement[bool]:
    """Approved, in its period, not interrupted and not ended (P: the survey's definition)."""
    day, columns = count.telledato, kontrakt.c
    interrupted = and_(
        columns.avbrudd_fra <= day,
        or_(columns.avbrudd_til.is_(None), columns.avbrudd_til >= day),
    )
    return and_(
        columns.godkjent_dato.is_not(None),
        columns.laretid_fra <= day,
        columns.laretid_til >= day,
        not_(func.coalesce(interrupted, False)),
        or_(columns.avslutningskode.is_(None), columns.avsluttet_dato > day),
    )


def tests(count: Count) -> Rows:
    """The rows of ssbAvlagteProver: carried out in the year that ends before the count's day."""
    prove, person = count.of(Prove), count.of(Person)
    columns, last = prove.c, count.telledato - timedelta(days=1)
    kind = ("programomradekode", "provetype", "provenummer", "provedato", "proveresultat")
    return (
        select(
            columns.fylkesnummer.label("avgiverfylke"),
            literal(count.telledato).label("uttrekksdato"),
            literal(count.year_before).label("telledato_fom"),
            literal(last).label("telledato_tom"),
            home_county(person.c.kommunenummer).label("hjemstedsfylke"),
            person.c.fodselsnummer,
            columns.provekandidattype,
            *(columns[name] for name in (*kind, "kontraktsnummer", "bedrift", "bevistype")),
            columns.linje,
            columns.delivery_id,
        )
        .join_from(prove, person, person.c.id == columns.person_id)
        .where(
            columns.fylkesnummer == count.fylkesnummer,
            columns.provestatus == CARRIED_OUT,
            columns.provedato.between(count.year_before, last),
        )
    )


def offices(count: Count) -> Rows:
    """The rows of NOR: an office's member firms and their trades; an office without is told too."""
    kontor, bedrift, fag = (count.of(m) for m in (Opplaringskontor, Bedrift, Bedriftsfag))
    member = and_(
        bedrift.c.fylkesnummer == kontor.c.fylkesnummer,
        bedrift.c.medlem_av == kontor.c.organisasjonsnummer,
        _approved(count, bedrift),
    )
    return (
        select(
            kontor.c.fylkesnummer.label("fylke"),
            *(kontor.c[name] for name in ("organisasjonsnummer", "navn", "kontortype")),
            kontor.c.godkjent_dato,
            fag.c.programomradekode.label("larefag"),
            bedrift.c.organisasjonsnummer.label("medlemsbedrift"),
            kontor.c.linje,
            kontor.c.delivery_id,
        )
        .join_from(kontor, bedrift, member, isouter=True)
        .outerjoin(fag, and_(fag.c.bedrift_id == bedrift.c.id, _approved(count, fag)))
        .where(kontor.c.fylkesnummer == count.fylkesnummer, _approved(count, kontor))
    )


def firms(count: Count) -> Rows:
    """The rows of Larebedrifter: a firm's trades, with how many contracts run in each."""
    bedrift, fag = count.of(Bedrift), count.of(Bedriftsfag)
    contracts_running = _contracts_running(count)
    approved = func.coalesce(fag.c.godkjent_dato, bedrift.c.godkjent_dato)
    same = and_(
        contracts_running.c.bedrift == bedrift.c.organisasjonsnummer,
        contracts_running.c.programomradekode == fag.c.programomradekode,
    )
    return (
        select(
            bedrift.c.fylkesnummer.label("fylke"),
            *(bedrift.c[name] for name in ("organisasjonsnummer", "navn", "kommunenummer")),
            fag.c.programomradekode.label("larefag"),
            approved.label("godkjent_dato"),
            bedrift.c.medlem_av,
            func.coalesce(contracts_running.c.antall, 0).label("antall_lopende"),
            literal(count.telledato).label("telledato"),
            bedrift.c.linje,
            bedrift.c.delivery_id,
        )
        .join_from(bedrift, fag, fag.c.bedrift_id == bedrift.c.id)
        .outerjoin(contracts_running, same)
        .where(
            bedrift.c.fylkesnummer == count.fylkesnummer,
            _approved(count, bedrift),
            _approved(count, fag),
        )
    )


def _contracts_running(count: Count) -> Subquery:
    kontrakt = count.of(Kontrakt)
    place: tuple[Any, ...] = (kontrakt.c.bedrift, kontrakt.c.programomradekode)
    return (
        select(*place, func.count().label("antall"))
        .where(kontrakt.c.fylkesnummer == count.fylkesnummer, running(count, kontrakt))
        .group_by(*place)
        .subquery("lopende")
    )


def _approved(count: Count, rows: Subquery) -> ColumnElement[bool]:
    """Approved by the day and not ended by it; an approval without a date counts from always."""
    given, ended = rows.c.godkjent_dato, rows.c.opphort_dato
    return and_(
        or_(given.is_(None), given <= count.telledato),
        or_(ended.is_(None), ended > count.telledato),
    )
